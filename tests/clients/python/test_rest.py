"""Templates, tags, types, billing groups, principals, dynamic groups and events, as boto3 calls them."""

import unittest

from botocore.exceptions import ClientError

from emulator import Account, plain

DOCUMENT = '{"operation":"install"}'


class Rest(unittest.TestCase):
    def setUp(self):
        self.home = Account()
        self.iot = self.home.iot

    def assert_refused(self, code, call, **arguments):
        with self.assertRaises(ClientError) as refusal:
            call(**arguments)
        self.assertEqual(refusal.exception.response["Error"]["Code"], code)
        return refusal.exception.response

    def test_templates(self):
        iot, arn = self.iot, self.home.arn
        self.home.things("pump-1")
        made = plain(iot.create_job_template(jobTemplateId="update", description="Updates", document=DOCUMENT))
        self.assertEqual(made, {"jobTemplateArn": arn("jobtemplate/update"), "jobTemplateId": "update"})
        self.assert_refused("ConflictException", iot.create_job_template, jobTemplateId="update", description="Updates", document=DOCUMENT)
        iot.create_job(jobId="job-1", targets=[arn("thing/pump-1")], jobTemplateArn=made["jobTemplateArn"])
        self.assertEqual(iot.get_job_document(jobId="job-1")["document"], DOCUMENT)
        self.assertEqual(iot.describe_job_template(jobTemplateId="update")["document"], DOCUMENT)
        listed = [template["jobTemplateId"] for page in iot.get_paginator("list_job_templates").paginate() for template in page["jobTemplates"]]
        self.assertEqual(listed, ["update"])
        iot.delete_job_template(jobTemplateId="update")
        self.assert_refused("ResourceNotFoundException", iot.describe_job_template, jobTemplateId="update")

    def test_managed_templates(self):
        iot = self.iot
        names = [template["templateName"] for page in iot.get_paginator("list_managed_job_templates").paginate() for template in page["managedJobTemplates"]]
        self.assertIn("AWS-Reboot", names)
        described = iot.describe_managed_job_template(templateName="AWS-Reboot")
        self.assertEqual(described["templateArn"], f"arn:aws:iot:{self.home.region}::jobtemplate/AWS-Reboot:1.0")
        self.assert_refused("ResourceNotFoundException", iot.describe_managed_job_template, templateName="AWS-Fly")

    def test_tags(self):
        iot, resource = self.iot, self.home.arn("thingtype/pump")
        iot.create_thing_type(thingTypeName="pump", tags=[{"Key": "owner", "Value": "me"}])
        iot.tag_resource(resourceArn=resource, tags=[{"Key": "site", "Value": "north"}])
        iot.untag_resource(resourceArn=resource, tagKeys=["owner"])
        self.assertEqual(iot.list_tags_for_resource(resourceArn=resource)["tags"], [{"Key": "site", "Value": "north"}])

    def test_thing_types(self):
        iot = self.iot
        iot.create_thing_type(thingTypeName="pump", thingTypeProperties={"searchableAttributes": ["site"]})
        iot.update_thing_type(thingTypeName="pump", thingTypeProperties={"thingTypeDescription": "Pumps"})
        properties = iot.describe_thing_type(thingTypeName="pump")["thingTypeProperties"]
        self.assertEqual(properties, {"thingTypeDescription": "Pumps", "searchableAttributes": ["site"]})
        self.assertEqual([kind["thingTypeName"] for kind in iot.list_thing_types()["thingTypes"]], ["pump"])
        iot.deprecate_thing_type(thingTypeName="pump")
        self.assertTrue(iot.describe_thing_type(thingTypeName="pump")["thingTypeMetadata"]["deprecated"])
        self.assert_refused("InvalidRequestException", iot.delete_thing_type, thingTypeName="pump")

    def test_billing_groups(self):
        iot = self.iot
        self.home.things("pump-1")
        iot.create_billing_group(billingGroupName="plant-1")
        iot.add_thing_to_billing_group(billingGroupName="plant-1", thingName="pump-1")
        self.assertEqual(iot.list_things_in_billing_group(billingGroupName="plant-1")["things"], ["pump-1"])
        self.assertEqual(iot.describe_thing(thingName="pump-1")["billingGroupName"], "plant-1")
        self.assertEqual([group["groupName"] for group in iot.list_billing_groups()["billingGroups"]], ["plant-1"])
        iot.update_billing_group(billingGroupName="plant-1", billingGroupProperties={"billingGroupDescription": "One"})
        self.assertEqual(iot.describe_billing_group(billingGroupName="plant-1")["version"], 2)
        iot.remove_thing_from_billing_group(billingGroupName="plant-1", thingName="pump-1")
        iot.delete_billing_group(billingGroupName="plant-1")

    def test_principals(self):
        iot, principal = self.iot, self.home.arn("cert/4f1d")
        self.home.things("pump-1")
        iot.attach_thing_principal(thingName="pump-1", principal=principal)
        self.assertEqual(iot.list_thing_principals(thingName="pump-1")["principals"], [principal])
        self.assertEqual(iot.list_principal_things(principal=principal)["things"], ["pump-1"])
        iot.detach_thing_principal(thingName="pump-1", principal=principal)
        iot.delete_thing(thingName="pump-1")

    def test_dynamic_groups(self):
        iot = self.iot
        iot.create_thing(thingName="pump-1", attributePayload={"attributes": {"site": "north"}})
        iot.create_dynamic_thing_group(thingGroupName="northern", queryString="attributes.site:n*")
        self.assertEqual(iot.list_things_in_thing_group(thingGroupName="northern")["things"], ["pump-1"])
        iot.update_dynamic_thing_group(thingGroupName="northern", thingGroupProperties={}, queryString="thingName:valve*")
        self.assertEqual(iot.list_things_in_thing_group(thingGroupName="northern")["things"], [])
        iot.delete_dynamic_thing_group(thingGroupName="northern")

    def test_events(self):
        self.iot.update_event_configurations(eventConfigurations={"JOB": {"Enabled": True}})
        self.assertEqual(self.iot.describe_event_configurations()["eventConfigurations"]["JOB"], {"Enabled": True})

    def test_an_operation_that_the_emulator_lacks_is_named(self):
        answer = self.assert_refused("NotImplementedException", self.iot.create_policy, policyName="all", policyDocument="{}")
        self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], 501)
        self.assertTrue(answer["Error"]["Message"].startswith("CreatePolicy "))


if __name__ == "__main__":
    unittest.main()
