"""Runs the unittest suite in a folder and closes with `N passed, N failed`.

    count.py FOLDER
"""

import sys
import unittest

folder = sys.argv[1]
sys.path.insert(0, folder)
suite = unittest.defaultTestLoader.discover(folder, pattern="test_*.py")
result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)

# A test with several failing subtests is one failed test; what fails before the first test (setUpClass) counts too.
failed = {getattr(test, "test_case", test).id() for test, _ in result.failures + result.errors}
failed |= {test.id() for test in result.unexpectedSuccesses}
ran_and_failed = sum(not name.startswith("setUpClass") for name in failed)
passed = result.testsRun - ran_and_failed - len(result.skipped) - len(result.expectedFailures)
print(f"{passed} passed, {len(failed)} failed")
sys.exit(0 if result.testsRun and not failed else 1)
