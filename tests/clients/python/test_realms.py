"""Accounts and regions: an access key id of twelve digits is the account, the region of the signature is the region."""

import unittest

from emulator import DEFAULT_ACCOUNT, Account, call, client, emulator, eventually, refused


class Realms(unittest.TestCase):
    def setUp(self):
        self.home = Account(region="us-west-2")
        self.same_account_elsewhere = Account(self.home.id, "eu-central-1")
        self.another_account = Account(region="us-west-2")

    def everyone(self):
        return self.home, self.same_account_elsewhere, self.another_account

    def test_nothing_of_one_account_or_region_is_seen_in_another(self):
        self.home.things("pump-1")
        self.home.iot.create_thing_group(thingGroupName="pumps")
        self.home.job("update", "thing/pump-1")
        for stranger in (self.same_account_elsewhere, self.another_account):
            self.assertEqual(stranger.iot.list_things()["things"], [])
            self.assertEqual(stranger.iot.list_thing_groups()["thingGroups"], [])
            self.assertEqual(stranger.job_ids(), [])
            for ask in (
                lambda iot: iot.describe_thing(thingName="pump-1"),
                lambda iot: iot.describe_thing_group(thingGroupName="pumps"),
                lambda iot: iot.describe_job(jobId="update"),
                lambda iot: iot.delete_job(jobId="update", force=True),
                lambda iot: iot.describe_job_execution(thingName="pump-1", jobId="update"),
            ):
                with refused("ResourceNotFoundException", 404):
                    ask(stranger.iot)
            with refused("ResourceNotFoundException", 404):
                stranger.device.get_pending_job_executions(thingName="pump-1")
            with refused("ResourceNotFoundException", 404):
                stranger.iot.create_job(jobId="theirs", targets=[self.home.arn("thing/pump-1")], document="{}")
        self.assertEqual(self.home.status("update"), "IN_PROGRESS")

    def test_the_same_names_live_side_by_side(self):
        for number, realm in enumerate(self.everyone()):
            realm.things("pump-1")
            realm.job("update", "thing/pump-1", description=f"number {number}")
        self.another_account.device.update_job_execution(thingName="pump-1", jobId="update", status="SUCCEEDED")
        self.same_account_elsewhere.iot.cancel_job(jobId="update")

        seen = [(r.iot.describe_job(jobId="update")["job"]["description"], r.status("update")) for r in self.everyone()]
        self.assertEqual(seen, [("number 0", "IN_PROGRESS"), ("number 1", "CANCELED"), ("number 2", "COMPLETED")])
        for realm in self.everyone():
            self.assertEqual(realm.iot.describe_job(jobId="update")["job"]["jobArn"], realm.arn("job/update"))

        self.home.iot.delete_job(jobId="update", force=True)
        eventually("gone", lambda: self.home.status("update"))
        self.assertEqual(self.another_account.status("update"), "COMPLETED")

    def test_any_other_access_key_is_the_default_account(self):
        for key in ("test", "AKIAIOSFODNN7EXAMPLE", "12345678901", "1234567890123"):
            arn = client("iot", key, "ap-south-1").create_thing(thingName=f"key-{key}")["thingArn"]
            self.assertEqual(arn, f"arn:aws:iot:ap-south-1:{DEFAULT_ACCOUNT}:thing/key-{key}")

    def test_reset_forgets_all_accounts_and_regions(self):
        for path in ("/_emulator/reset", "/moto-api/reset"):
            with self.subTest(path):
                for realm in self.everyone():
                    realm.things("pump-1")
                    realm.job("update", "thing/pump-1")
                emulator("PUT", "/clock", {"now": "2030-01-01T00:00:00Z", "frozen": True})
                emulator("PATCH", "/settings", {"deletionDuration": "1h"})

                self.reset(path)

                for realm in self.everyone():
                    self.assertEqual((realm.iot.list_things()["things"], realm.job_ids()), ([], []))
                self.assertEqual(emulator("GET", "/clock")["frozen"], False)
                self.assertNotIn("2030-01-01", emulator("GET", "/clock")["now"])
                self.assertEqual(emulator("GET", "/settings"), self.settings_at_the_start)

    @classmethod
    def setUpClass(cls):
        cls.reset("/_emulator/reset")
        cls.settings_at_the_start = emulator("GET", "/settings")

    @staticmethod
    def reset(path):
        status, _, answer = call("POST", path)
        assert status in (200, 204), (status, answer)


if __name__ == "__main__":
    unittest.main()
