import Edge
import Testing
