"""The emulator's clock: stopped, set and advanced; deletions and their duration on it."""

import datetime
import os
import unittest

from emulator import URL, Account, call, clock_stopped_at, emulator, eventually, machine_now, utc

NEW_YEAR = "2026-01-01T00:00:00Z"


def day(number, **time):
    return datetime.datetime(2026, 1, number, tzinfo=datetime.timezone.utc, **time)


class Clock(unittest.TestCase):
    def setUp(self):
        self.home = Account()
        self.home.things("pump-1")
        settings = emulator("GET", "/settings")
        self.addCleanup(emulator, "PATCH", "/settings", {"deletionDuration": settings["deletionDuration"]})

    def assert_clock(self, moment, frozen=True):
        clock = emulator("GET", "/clock")
        self.assertEqual((utc(clock["now"]), clock["frozen"]), (moment, frozen))

    def deleted(self, job_id):
        self.home.job(job_id, "thing/pump-1")
        self.home.iot.delete_job(jobId=job_id, force=True)

    def test_a_running_clock_is_the_machines(self):
        clock = emulator("GET", "/clock")
        self.assertFalse(clock["frozen"])
        self.assertLess(abs((utc(clock["now"]) - machine_now()).total_seconds()), 60)

    def test_on_a_stopped_clock_everything_happens_at_once(self):
        with clock_stopped_at(NEW_YEAR) as advance:
            self.assert_clock(day(1))
            self.home.job("update", "thing/pump-1")
            job = self.home.iot.describe_job(jobId="update")["job"]
            self.assertEqual((job["createdAt"], job["lastUpdatedAt"]), (day(1), day(1)))
            self.assertEqual(self.home.iot.describe_job_execution(thingName="pump-1", jobId="update")["execution"]["queuedAt"], day(1))

            advance("90s")
            self.assert_clock(day(1, minute=1, second=30))
            started = self.home.device.start_next_pending_job_execution(thingName="pump-1")["execution"]
            self.assertEqual((started["queuedAt"], started["startedAt"]), (int(day(1).timestamp()), int(day(1).timestamp()) + 90))

            advance("7d")
            self.home.device.update_job_execution(thingName="pump-1", jobId="update", status="SUCCEEDED")
            self.assertEqual(self.home.iot.describe_job(jobId="update")["job"]["completedAt"], day(8, minute=1, second=30))

    def test_durations_are_seconds_or_carry_a_unit(self):
        moment = day(1)
        with clock_stopped_at(NEW_YEAR) as advance:
            for by, seconds in [(1, 1), ("500ms", 0.5), ("90s", 90), ("15m", 900), ("24h", 86400), ("7d", 7 * 86400), ("3", 3)]:
                moment += datetime.timedelta(seconds=seconds)
                advance(by)
                self.assert_clock(moment)

    def test_a_deletion_lasts_as_long_as_the_setting_says_on_this_clock(self):
        with clock_stopped_at(NEW_YEAR) as advance:
            emulator("PATCH", "/settings", {"deletionDuration": "30s"})
            self.deleted("update")
            self.assertEqual(self.home.status("update"), "DELETION_IN_PROGRESS")
            advance("29s")
            self.assertEqual(self.home.status("update"), "DELETION_IN_PROGRESS")
            advance("1s")
            self.assertEqual(self.home.status("update"), "gone")

    def test_setting_the_clock_ahead_does_what_fell_due_and_setting_it_back_does_nothing(self):
        with clock_stopped_at("2026-01-02T00:00:00Z"):
            emulator("PATCH", "/settings", {"deletionDuration": "1h"})
            self.deleted("update")
            emulator("PUT", "/clock", {"now": NEW_YEAR, "frozen": True})
            self.assert_clock(day(1))
            self.assertEqual(self.home.status("update"), "DELETION_IN_PROGRESS")
            emulator("PUT", "/clock", {"now": "2026-01-03T00:00:00Z", "frozen": True})
            self.assert_clock(day(3))
            self.assertEqual(self.home.status("update"), "gone")

    def test_a_running_clock_can_be_elsewhere_too(self):
        try:
            emulator("PUT", "/clock", {"now": NEW_YEAR, "frozen": False})
            emulator("POST", "/clock/advance", {"by": "24h"})
            self.home.job("update", "thing/pump-1")
            created = self.home.iot.describe_job(jobId="update")["job"]["createdAt"]
            self.assertLess(day(2), created)
            self.assertLess(created, day(2, minute=5))
        finally:
            emulator("PUT", "/clock", {"now": machine_now().strftime("%Y-%m-%dT%H:%M:%SZ"), "frozen": False})

    def test_with_no_duration_a_deletion_is_over_as_soon_as_it_is_done(self):
        emulator("PATCH", "/settings", {"deletionDuration": "0"})
        self.assertIn(emulator("GET", "/settings")["deletionDuration"], (0, "0", "0s"))
        self.deleted("update")
        eventually("gone", lambda: self.home.status("update"))

    def test_nonsense_is_refused_and_changes_nothing(self):
        with clock_stopped_at(NEW_YEAR):
            before = emulator("GET", "/settings")
            for method, path, body in [
                ("POST", "/clock/advance", {"by": "soon"}),
                ("POST", "/clock/advance", {"by": "-1s"}),
                ("POST", "/clock/advance", {}),
                ("PUT", "/clock", {"now": "tomorrow", "frozen": True}),
                ("PATCH", "/settings", {"deletionDuration": "a while"}),
                ("PATCH", "/settings", {"deletionDurashun": "2s"}),
            ]:
                with self.subTest(path=path, body=body):
                    status, _, answer = call(method, "/_emulator" + path, body)
                    self.assertEqual(status, 400, answer)
                    self.assertTrue(answer["message"])
            self.assert_clock(day(1))
            self.assertEqual(emulator("GET", "/settings"), before)


class Endpoints(unittest.TestCase):
    def test_health_and_readiness(self):
        for path in ("/_emulator/health", "/_emulator/ready", "/_localstack/health"):
            self.assertEqual(call("GET", path)[0], 200, path)

    def test_an_unknown_route_is_a_json_error_that_says_what_was_asked(self):
        status, headers, answer = call("GET", "/no-such-route")
        self.assertEqual(status, 404)
        self.assertIn("application/json", headers["Content-Type"])
        self.assertIn("/no-such-route", answer["message"])

    def test_describe_endpoint_is_the_host_that_the_caller_used_and_for_jobs_the_port_of_https(self):
        home = Account()
        host = URL.split("//")[1].split(":")[0]
        port = os.environ.get("EMULATOR_HTTPS_PORT", "8443")
        self.assertEqual(home.iot.describe_endpoint(endpointType="iot:Data-ATS")["endpointAddress"], host)
        self.assertEqual(home.iot.describe_endpoint(endpointType="iot:Jobs")["endpointAddress"], f"{host}:{port}")


if __name__ == "__main__":
    unittest.main()
