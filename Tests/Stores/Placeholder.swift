import Stores
import Testing
