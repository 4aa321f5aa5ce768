import Admin
import Testing
