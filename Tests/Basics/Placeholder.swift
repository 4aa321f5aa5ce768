import Basics
import Testing
