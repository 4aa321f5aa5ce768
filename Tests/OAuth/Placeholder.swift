import OAuth
import Testing
