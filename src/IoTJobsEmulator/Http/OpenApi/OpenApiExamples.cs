using System.Text.Json.Nodes;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Http.OpenApi;

/// <summary>The examples in the OpenAPI documents: one story, of a pump whose firmware is updated. A test executes them from the top.</summary>
internal sealed class OpenApiExamples(EmulatorOptions options)
{
    private readonly string _thing = Arn.OfThing(new Tenant(options.Account, options.Region), "pump-1");
    private readonly string _certificate = Arn.Of(new(options.Account, options.Region), "cert", new('a', 64));
    private readonly string _group = Arn.OfThingGroup(new Tenant(options.Account, options.Region), "pumps");

    /// <summary>An example of a required parameter, or of one that the story needs; else null, because Swagger UI sends every example.</summary>
    public JsonNode? OfParameter(string operation, string name, bool isRequired) => name switch
    {
        "retain" => true,
        _ when !isRequired => null,
        "thingName" => "pump-1",
        "thingGroupName" => operation.Contains("Dynamic", StringComparison.Ordinal) ? "northern-pumps" : "pumps",
        "thingTypeName" => "pump",
        "billingGroupName" => "plant-1",
        "jobTemplateId" => "firmware-update",
        "templateName" => "AWS-Reboot",
        "resourceArn" => _group,
        "x-amzn-principal" => _certificate,
        "jobId" => "update-firmware",
        "executionNumber" => 1,
        "topic" => "plant-1/pump-1/setpoint",
        "clientId" => "pump-1",
        "id" => 1,
        "name" when operation.EndsWith("Simulator", StringComparison.Ordinal) => "pumps",
        "name" => "two-pumps",
        _ => null,
    };

    /// <summary>An example of the body. Operations that are not named here accept an empty one.</summary>
    public JsonNode OfBody(string operation) => JsonNode.Parse(operation switch
    {
        "CreateThing" => """{"attributePayload": {"attributes": {"model": "p200"}}}""",
        "UpdateThing" => """{"attributePayload": {"attributes": {"site": "north"}, "merge": true}}""",
        "CreateThingType" => """{"thingTypeProperties": {"thingTypeDescription": "Whatever pumps", "searchableAttributes": ["site"]}}""",
        "UpdateThingType" => """{"thingTypeProperties": {"searchableAttributes": ["site", "model"]}}""",
        "DeprecateThingType" => """{"undoDeprecate": false}""",
        "CreateDynamicThingGroup" => """{"queryString": "attributes.site:north AND thingName:pump-*"}""",
        "UpdateDynamicThingGroup" => """{"thingGroupProperties": {"thingGroupDescription": "Pumps in the north"}}""",
        "CreateBillingGroup" or "UpdateBillingGroup" => """{"billingGroupProperties": {"billingGroupDescription": "The first plant"}}""",
        "AddThingToBillingGroup" or "RemoveThingFromBillingGroup" => """{"billingGroupName": "plant-1", "thingName": "pump-1"}""",
        "CreateJobTemplate" => """
            {
              "description": "Installs a version",
              "document": "{\"operation\": \"install\", \"version\": \"1.2.0\"}",
              "timeoutConfig": {"inProgressTimeoutInMinutes": 60}
            }
            """,
        "TagResource" => $$"""{"resourceArn": "{{_group}}", "tags": [{"Key": "owner", "Value": "maintenance"}]}""",
        "UntagResource" => $$"""{"resourceArn": "{{_group}}", "tagKeys": ["owner"]}""",
        "UpdateEventConfigurations" => """{"eventConfigurations": {"JOB": {"Enabled": true}, "JOB_EXECUTION": {"Enabled": true}}}""",
        "CreateThingGroup" or "UpdateThingGroup" => """{"thingGroupProperties": {"thingGroupDescription": "All pumps"}}""",
        "AddThingToThingGroup" or "RemoveThingFromThingGroup" => """{"thingGroupName": "pumps", "thingName": "pump-1"}""",
        "UpdateThingGroupsForThing" => """{"thingName": "pump-1", "thingGroupsToAdd": ["pumps"]}""",
        "CreateJob" => $$"""
            {
              "targets": ["{{_group}}"],
              "targetSelection": "CONTINUOUS",
              "document": "{\"operation\": \"install\", \"version\": \"1.2.0\"}",
              "description": "Version 1.2.0 for all pumps",
              "timeoutConfig": {"inProgressTimeoutInMinutes": 60}
            }
            """,
        "UpdateJob" => """{"description": "Version 1.2.0 for all pumps, at last"}""",
        "AssociateTargetsWithJob" => $$"""{"targets": ["{{_thing}}"], "comment": "Pump 1 in any case"}""",
        "CancelJob" => """{"reasonCode": "NOT_NEEDED", "comment": "Version 1.2.1 is out"}""",
        "CancelJobExecution" => """{"statusDetails": {"reason": "replaced by version 1.2.1"}}""",
        "StartNextPendingJobExecution" => """{"statusDetails": {"step": "downloading"}, "stepTimeoutInMinutes": 5}""",
        "UpdateJobExecution" => """{"status": "SUCCEEDED", "statusDetails": {"step": "installed"}, "includeJobExecutionState": true}""",
        "ChangeSettings" => """{"deletionDuration": "2s"}""",
        "SetClock" => """{"frozen": true}""",
        "AdvanceClock" => """{"by": "15m"}""",
        "Publish" => """{"pressure": 2.5}""",
        "AddFaults" => """{"faults": [{"operation": "UpdateJobExecution", "thing": "pump-*", "error": {"name": "ThrottlingException"}, "times": 2}]}""",
        "RunSeed" => """
            {
              "calls": [
                {"operation": "CreateThingGroup", "input": {"thingGroupName": "valves"}, "save": "group"},
                {"repeat": 3, "operation": "CreateThing", "input": {"thingName": "valve-${n}"}},
                {"repeat": 3, "operation": "AddThingToThingGroup", "input": {"thingGroupName": "valves", "thingName": "valve-${n}"}},
                {"operation": "CreateJob", "input": {"jobId": "close-valves", "targets": ["${group.thingGroupArn}"], "document": "{\"operation\": \"close\"}"}}
              ]
            }
            """,
        "PutSimulator" => """
            {
              "things": "pump-*",
              "picksUp": "5s",
              "takes": {"from": "30s", "to": "3m"},
              "outcomes": {"SUCCEEDED": 95, "FAILED": 3, "REJECTED": 1, "silent": 1},
              "statusDetails": {"FAILED": {"reason": "checksum"}},
              "progress": [{"at": 50, "statusDetails": {"step": "downloaded"}}],
              "offline": 10,
              "seed": 2
            }
            """,
        _ => "{}",
    })!;
}
