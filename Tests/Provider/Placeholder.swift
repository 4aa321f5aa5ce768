import Provider
import Testing
