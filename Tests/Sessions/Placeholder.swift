import Sessions
import Testing
