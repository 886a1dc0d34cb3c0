using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Operations;
using IoTJobsEmulator.Wire;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace IoTJobsEmulator.Tests;

/// <summary>The documents say what the server does, and both what the service model says.</summary>
public sealed class OpenApiTests
{
    private static readonly Dictionary<Api, string> Documents = new() { [Api.Iot] = "control-plane", [Api.IotJobsData] = "data-plane", [Api.IotData] = "iot-data", [Api.Emulator] = "emulator" };

    [Fact]
    public async Task Every_operation_is_in_its_document_with_its_name_and_summary()
    {
        using var emulator = new Emulator();
        foreach (var (operation, _, documented) in await Operations(emulator))
        {
            Assert.Equal(operation.Name, (string?)documented["operationId"]);
            Assert.False(string.IsNullOrWhiteSpace((string?)documented["summary"]), $"{operation.Name} has no summary.");
            Assert.All(documented["responses"]!["200"]!["content"]!.AsObject(), content => Assert.NotNull(content.Value!["schema"]));
        }
    }

    [Fact]
    public async Task Every_declared_error_is_documented_with_its_status_and_schema()
    {
        using var emulator = new Emulator();
        foreach (var (operation, _, documented) in await Operations(emulator))
        {
            foreach (var error in operation.Errors)
            {
                var response = documented["responses"]![operation.StatusOf(error).ToString(CultureInfo.InvariantCulture)]!;
                var names = response["headers"]!["x-amzn-ErrorType"]!["schema"]!["enum"]!.AsArray();
                Assert.Contains(operation.NameOf(error), names.Select(name => (string?)name));
                Assert.Contains($"#/components/schemas/{operation.NameOf(error)}\"", response["content"]!["application/json"]!["schema"]!.ToJsonString(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Every_parameter_is_documented_with_its_constraints()
    {
        using var emulator = new Emulator();
        foreach (var (operation, endpoint, documented) in await Operations(emulator))
        {
            foreach (var declared in endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>().Where(declared => declared.HasTryParse))
            {
                var parameter = documented["parameters"]!.AsArray().Single(parameter => (string?)parameter!["name"] == (Header(declared) ?? declared.Name))!;
                var place = endpoint.RoutePattern.GetParameter(declared.Name) is not null ? "path" : Header(declared) is null ? "query" : "header";
                Assert.Equal((place, place == "path" || declared.ParameterInfo.IsDefined(typeof(RequiredAttribute))), ((string?)parameter["in"], (bool?)parameter["required"] is true));
                AssertConstraints($"{operation.Name} {declared.Name}", parameter["schema"]!, declared.ParameterInfo.GetCustomAttribute<ShapeAttribute>());
            }
        }
    }

    [Fact]
    public async Task Every_body_is_documented_with_its_constraints_and_required_members()
    {
        using var emulator = new Emulator();
        foreach (var (operation, endpoint, documented) in await Operations(emulator))
        {
            if (endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>().FirstOrDefault(declared => !declared.HasTryParse) is not { } body)
                continue;
            if (body.ParameterInfo.ParameterType == typeof(Stream))
            {
                Assert.Equal("binary", (string?)documented["requestBody"]!["content"]!["application/octet-stream"]!["schema"]!["format"]);
                continue;
            }
            var content = documented["requestBody"]!["content"]!["application/json"]!;
            Assert.NotNull(content["example"]);
            if (body.ParameterInfo.ParameterType != typeof(ReadOnlyMemory<byte>))
                AssertMembers(documented.Root["components"]!["schemas"]!, content["schema"]!, body.ParameterInfo.ParameterType);
        }
    }

    [Fact]
    public async Task Operations_parameters_members_and_errors_are_those_of_the_service_model()
    {
        using var emulator = new Emulator();
        var routes = await Operations(emulator);
        foreach (var fact in ServiceModel.Split('\n'))
        {
            if (fact.Split('|', StringSplitOptions.TrimEntries) is not [var head, var parameters, var members, var errors] || head.Split(' ') is not [var api, var name, var method, var path])
                throw new FormatException(fact);
            var (operation, endpoint, documented) = routes.Single(route => route.Operation.Name == name && route.Operation.Api == Enum.Parse<Api>(api));
            Assert.Equal((method, path), (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Single(), OwnPath(endpoint)));
            Assert.Equal(parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), Named(documented).Order());
            var body = documented["requestBody"]?["content"]!["application/json"]!["schema"]!["$ref"]?.Parent;
            Assert.Empty(members.Split(' ', StringSplitOptions.RemoveEmptyEntries).Except(body is null ? [] : Named(documented.Root["components"]!["schemas"]!, body)));
            var declared = operation.Errors.Select(error => $"{operation.StatusOf(error)} {operation.NameOf(error)}").Except(BeyondTheModel(name)).Order(StringComparer.Ordinal);
            Assert.Equal(errors.Split(", ").Select(error => error + "Exception").Order(StringComparer.Ordinal), declared);
        }
        Assert.Equal(ServiceModel.Split('\n').Length, routes.Count(route => route.Operation.Api != Api.Emulator));
    }

    [Fact]
    public async Task The_examples_work_one_after_the_other_from_the_top()
    {
        using var emulator = new Emulator();
        Assert.Empty(await Execute(emulator, "control-plane"));
        Assert.Empty(await Execute(emulator, "iot-data"));
        await Device.Connect(emulator, "pump-1"); // as the document says
        Assert.Empty(await Execute(emulator, "emulator"));
    }

    [Fact]
    public async Task Tags_are_in_the_order_in_which_the_examples_work()
    {
        using var emulator = new Emulator();
        Assert.Equal(
            [
                "Thing types", "Things", "Thing groups", "Dynamic thing groups", "Billing groups", "Principals", "Job templates", "Jobs", "Job executions",
                "Tags", "Events", "Endpoint", "Ending", "Cleaning up",
            ],
            (await Document(emulator, "control-plane"))["tags"]!.AsArray().Select(tag => (string?)tag!["name"]));
        Assert.Equal(["Emulator", "Devices", "Faults", "Requests", "Changes", "Simulators", "Seeds", "Snapshots", "Cleaning up"], (await Document(emulator, "emulator"))["tags"]!.AsArray().Select(tag => (string?)tag!["name"]));
    }

    [Fact]
    public async Task A_devices_examples_work_once_there_is_a_thing_and_a_job()
    {
        using var emulator = new Emulator();
        Assert.Empty(await Execute(emulator, "control-plane", upTo: "CancelJobExecution"));
        Assert.Empty(await Execute(emulator, "data-plane"));
    }

    [Fact]
    public async Task Nothing_is_said_to_be_null_and_nothing_leaks_of_the_code()
    {
        using var emulator = new Emulator();
        foreach (var document in Documents.Values)
        {
            var text = (await Document(emulator, document)).ToJsonString();
            Assert.DoesNotContain("\"nullable\"", text, StringComparison.Ordinal);
            Assert.DoesNotContain("IoTJobsEmulator", text, StringComparison.Ordinal);
            Assert.DoesNotContain("ValueList", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_root_leads_to_the_page_that_offers_all_documents()
    {
        using var emulator = new Emulator();
        var home = await emulator.Send("GET", "/");
        Assert.Equal((302, "/swagger/index.html"), (home.Status, home.Headers["Location"]));
        Assert.Equal(200, (await emulator.Send("GET", "/swagger/index.html")).Status);
        Assert.Equal((404, "UnknownOperationException"), (await emulator.Send("GET", "/swagger/x")) is var missing ? (missing.Status, missing.ErrorType) : default);
        var settings = await emulator.Send("GET", "/swagger/index.js");
        Assert.All(Documents.Values, document => Assert.Contains($"{document}/swagger.json", settings.Body, StringComparison.Ordinal));
    }

    /// <summary>Sends the examples as the page shows them: by tag, then by path.</summary>
    private static async Task<List<string>> Execute(Emulator emulator, string document, string? upTo = null)
    {
        List<string> refused = [];
        var api = await Document(emulator, document);
        var server = ((string)api["servers"]![0]!["url"]!).TrimEnd('/');
        var executed = 0;
        foreach (var tag in api["tags"]!.AsArray().Select(tag => (string?)tag!["name"]))
        {
            foreach (var (path, item) in api["paths"]!.AsObject())
            {
                foreach (var (method, operation) in item!.AsObject().Where(operation => (string?)operation.Value!["tags"]![0] == tag))
                {
                    if ((string?)operation!["operationId"] == upTo)
                        return refused;
                    executed++;
                    if ((string?)operation["operationId"] == "DeleteThingType")
                        await emulator.Advance(TimeSpan.FromMinutes(5)); // as the document says
                    var body = (string?)operation["operationId"] == "PutState"
                        ? (await emulator.Send("GET", "/_emulator/state")).Bytes // as the document says
                        : operation["requestBody"] is { } given ? Encoding.UTF8.GetBytes(given["content"]!["application/json"]!["example"]!.ToJsonString()) : null;
                    var answer = await emulator.SendBytes(method.ToUpperInvariant(), server + Filled(path, operation), body, [.. Given(operation, "header"), ("Accept", operation["responses"]!["200"]!["content"]!.AsObject().First().Key)]);
                    if (answer.Status != 200)
                        refused.Add($"{operation["operationId"]}: {answer}");
                }
            }
        }
        Assert.Equal(api["paths"]!.AsObject().Sum(item => item.Value!.AsObject().Count), executed);
        return refused;
    }

    private static string Filled(string path, JsonNode operation)
    {
        foreach (var (name, value) in Given(operation, "path"))
            path = path.Replace($"{{{name}}}", Uri.EscapeDataString(value), StringComparison.Ordinal);
        var query = string.Join('&', Given(operation, "query").Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value)}"));
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    /// <summary>What must be given has an example, and nothing else but what the story needs: the page would send it too.</summary>
    private static List<(string Name, string Value)> Given(JsonNode operation, string place)
    {
        List<(string, string)> given = [];
        foreach (var parameter in (operation["parameters"]?.AsArray() ?? []).Where(parameter => (string?)parameter!["in"] == place))
        {
            Assert.Equal((bool?)parameter!["required"] is true || (string?)parameter["name"] == "retain", parameter["example"] is not null);
            if (parameter["example"] is { } example)
                given.Add(((string)parameter["name"]!, example.ToString()));
        }
        return given;
    }

    private static async Task<List<(Operation Operation, RouteEndpoint Endpoint, JsonNode Documented)>> Operations(Emulator emulator)
    {
        List<(Operation, RouteEndpoint, JsonNode)> found = [];
        var documents = new Dictionary<Api, JsonNode>();
        foreach (var (api, name) in Documents)
            documents[api] = await Document(emulator, name);
        foreach (var endpoint in emulator.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<Operation>() is not { } operation)
                continue;
#pragma warning disable CA1308 // OpenAPI writes methods so
            var method = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Single().ToLowerInvariant();
#pragma warning restore CA1308
            var documented = documents[operation.Api]["paths"]![OwnPath(endpoint)]?[method];
            Assert.True(documented is not null, $"{operation.Name} is not documented.");
            found.Add((operation, endpoint, documented));
        }
        Assert.NotEmpty(found);
        return found;
    }

    private static string? Header(IParameterBindingMetadata declared) => declared.ParameterInfo.GetCustomAttribute<HeaderAttribute>()?.Name;

    /// <summary>The path as AWS writes it: without the prefix of iot-jobs-data.</summary>
    private static string OwnPath(RouteEndpoint endpoint)
    {
        var path = endpoint.RoutePattern.RawText!.Replace("{**", "{", StringComparison.Ordinal);
        return path.StartsWith("/iot-jobs-data/", StringComparison.Ordinal) ? path["/iot-jobs-data".Length..] : path;
    }

    private static async Task<JsonNode> Document(Emulator emulator, string name)
    {
        var answer = await emulator.Send("GET", $"/swagger/{name}/swagger.json");
        Assert.Equal(200, answer.Status);
        return answer.Json;
    }

    private static void AssertMembers(JsonNode schemas, JsonNode schema, Type type)
    {
        var described = schemas[((string)schema["$ref"]!).Split('/')[^1]]!;
        foreach (var member in WireJson.Reflecting(WireJson.Options).GetTypeInfo(type).Properties)
        {
            var property = (PropertyInfo)member.AttributeProvider!;
            var documented = described["properties"]![member.Name]!;
            Assert.Equal(property.IsDefined(typeof(RequiredAttribute)), described["required"]?.AsArray().Any(name => (string?)name == member.Name) is true);
            AssertConstraints($"{type.Name} {member.Name}", documented, property.GetCustomAttribute<ShapeAttribute>());
            if (member.PropertyType.IsAssignableTo(typeof(IStructure)))
                AssertMembers(schemas, documented, member.PropertyType);
            else if (member.PropertyType.IsAssignableTo(typeof(IReadOnlyList<IStructure>)))
                AssertMembers(schemas, documented["items"]!, member.PropertyType.GetGenericArguments()[0]);
        }
    }

    private static void AssertConstraints(string where, JsonNode schema, ShapeAttribute? shape)
    {
        var demanded = shape switch
        {
            StringShapeAttribute text => Facts(("minLength", text.Min), ("maxLength", text.Max), ("pattern", text.Pattern)),
            NumberShapeAttribute number => Facts(("minimum", number.Min), ("maximum", number.Max)),
            ListShapeAttribute list => Facts(("minItems", list.Min), ("maxItems", list.Max)),
            MapShapeAttribute map => Facts(("maxProperties", map.Max)),
            _ => [],
        };
        foreach (var (name, value) in demanded)
            Assert.True(schema[name]?.ToString().Contains(value, StringComparison.Ordinal) is true, $"{where} should have the {name} {value}: {schema.ToJsonString()}");
    }

    private static IEnumerable<(string Name, string Value)> Facts(params (string Name, object? Value)[] facts) =>
        from fact in facts
        where fact.Value is not null
        select (fact.Name, Convert.ToString(fact.Value, CultureInfo.InvariantCulture));

    private static IEnumerable<string> Named(JsonNode documented) =>
        from parameter in documented["parameters"]?.AsArray() ?? []
        select (string)parameter!["name"]! + ((bool?)parameter["required"] is true ? "*" : "");

    private static IEnumerable<string> Named(JsonNode schemas, JsonNode body)
    {
        var described = schemas[((string)body["$ref"]!).Split('/')[^1]]!;
        var required = described["required"]?.AsArray().Select(name => (string?)name).ToHashSet() ?? [];
        return described["properties"]!.AsObject().Select(member => member.Key + (required.Contains(member.Key) ? "*" : ""));
    }

    /// <summary>Errors that an operation answers although the model does not name them.</summary>
    private static string[] BeyondTheModel(string operation) => operation == "CreateThingGroup" ? ["404 ResourceNotFoundException"] : [];

    /// <summary>From the service models of iot, iot-jobs-data and iot-data (botocore 1.43.11): API, name, method, path; parameters; members of the body; errors. What is required has a star.</summary>
    private const string ServiceModel = """
        Iot CreateJob PUT /jobs/{jobId} | jobId* | targets* documentSource document description presignedUrlConfig targetSelection jobExecutionsRolloutConfig abortConfig timeoutConfig tags namespaceId jobTemplateArn jobExecutionsRetryConfig documentParameters schedulingConfig destinationPackageVersions | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 409 ResourceAlreadyExists, 410 LimitExceeded, 503 ServiceUnavailable
        Iot DescribeJob GET /jobs/{jobId} | jobId* beforeSubstitution |  | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 503 ServiceUnavailable
        Iot ListJobs GET /jobs | status targetSelection maxResults nextToken thingGroupName thingGroupId namespaceId |  | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 503 ServiceUnavailable
        Iot UpdateJob PATCH /jobs/{jobId} | jobId* namespaceId | description presignedUrlConfig jobExecutionsRolloutConfig abortConfig timeoutConfig jobExecutionsRetryConfig | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 503 ServiceUnavailable
        Iot CancelJob PUT /jobs/{jobId}/cancel | jobId* force | reasonCode comment | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 410 LimitExceeded, 503 ServiceUnavailable
        Iot DeleteJob DELETE /jobs/{jobId} | jobId* force namespaceId |  | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 409 InvalidStateTransition, 410 LimitExceeded, 503 ServiceUnavailable
        Iot AssociateTargetsWithJob POST /jobs/{jobId}/targets | jobId* namespaceId | targets* comment | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 410 LimitExceeded, 503 ServiceUnavailable
        Iot GetJobDocument GET /jobs/{jobId}/job-document | jobId* beforeSubstitution |  | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 503 ServiceUnavailable
        Iot DescribeJobExecution GET /things/{thingName}/jobs/{jobId} | jobId* thingName* executionNumber |  | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 503 ServiceUnavailable
        Iot CancelJobExecution PUT /things/{thingName}/jobs/{jobId}/cancel | jobId* thingName* force | expectedVersion statusDetails | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 409 InvalidStateTransition, 409 VersionConflict, 503 ServiceUnavailable
        Iot DeleteJobExecution DELETE /things/{thingName}/jobs/{jobId}/executionNumber/{executionNumber} | jobId* thingName* executionNumber* force namespaceId |  | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 409 InvalidStateTransition, 503 ServiceUnavailable
        Iot ListJobExecutionsForJob GET /jobs/{jobId}/things | jobId* status maxResults nextToken |  | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 503 ServiceUnavailable
        Iot ListJobExecutionsForThing GET /things/{thingName}/jobs | thingName* status namespaceId maxResults nextToken jobId |  | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 503 ServiceUnavailable
        Iot CreateThing POST /things/{thingName} | thingName* | thingTypeName attributePayload billingGroupName | 400 InvalidRequest, 400 Throttling, 401 Unauthorized, 404 ResourceNotFound, 409 ResourceAlreadyExists, 500 InternalFailure, 503 ServiceUnavailable
        Iot DescribeThing GET /things/{thingName} | thingName* |  | 400 InvalidRequest, 400 Throttling, 401 Unauthorized, 404 ResourceNotFound, 500 InternalFailure, 503 ServiceUnavailable
        Iot UpdateThing PATCH /things/{thingName} | thingName* | thingTypeName attributePayload expectedVersion removeThingType | 400 InvalidRequest, 400 Throttling, 401 Unauthorized, 404 ResourceNotFound, 409 VersionConflict, 500 InternalFailure, 503 ServiceUnavailable
        Iot DeleteThing DELETE /things/{thingName} | thingName* expectedVersion |  | 400 InvalidRequest, 400 Throttling, 401 Unauthorized, 404 ResourceNotFound, 409 VersionConflict, 500 InternalFailure, 503 ServiceUnavailable
        Iot ListThings GET /things | nextToken maxResults attributeName attributeValue thingTypeName usePrefixAttributeValue |  | 400 InvalidRequest, 400 Throttling, 401 Unauthorized, 500 InternalFailure, 503 ServiceUnavailable
        Iot CreateThingGroup POST /thing-groups/{thingGroupName} | thingGroupName* | parentGroupName thingGroupProperties tags | 400 InvalidRequest, 400 Throttling, 409 ResourceAlreadyExists, 500 InternalFailure
        Iot DescribeThingGroup GET /thing-groups/{thingGroupName} | thingGroupName* |  | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 500 InternalFailure
        Iot UpdateThingGroup PATCH /thing-groups/{thingGroupName} | thingGroupName* | thingGroupProperties* expectedVersion | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 409 VersionConflict, 500 InternalFailure
        Iot DeleteThingGroup DELETE /thing-groups/{thingGroupName} | thingGroupName* expectedVersion |  | 400 InvalidRequest, 400 Throttling, 409 VersionConflict, 500 InternalFailure
        Iot ListThingGroups GET /thing-groups | nextToken maxResults parentGroup namePrefixFilter recursive |  | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 500 InternalFailure
        Iot AddThingToThingGroup PUT /thing-groups/addThingToThingGroup |  | thingGroupName thingGroupArn thingName thingArn overrideDynamicGroups | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 500 InternalFailure
        Iot RemoveThingFromThingGroup PUT /thing-groups/removeThingFromThingGroup |  | thingGroupName thingGroupArn thingName thingArn | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 500 InternalFailure
        Iot ListThingsInThingGroup GET /thing-groups/{thingGroupName}/things | thingGroupName* recursive nextToken maxResults |  | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 500 InternalFailure
        Iot ListThingGroupsForThing GET /things/{thingName}/thing-groups | thingName* nextToken maxResults |  | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 500 InternalFailure
        Iot UpdateThingGroupsForThing PUT /thing-groups/updateThingGroupsForThing |  | thingName thingGroupsToAdd thingGroupsToRemove overrideDynamicGroups | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 500 InternalFailure
        Iot CreateJobTemplate PUT /job-templates/{jobTemplateId} | jobTemplateId* | jobArn documentSource document description* presignedUrlConfig jobExecutionsRolloutConfig abortConfig timeoutConfig tags jobExecutionsRetryConfig maintenanceWindows destinationPackageVersions | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 409 Conflict, 410 LimitExceeded, 500 InternalFailure
        Iot DescribeJobTemplate GET /job-templates/{jobTemplateId} | jobTemplateId* |  | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 500 InternalFailure
        Iot ListJobTemplates GET /job-templates | maxResults nextToken |  | 400 InvalidRequest, 400 Throttling, 500 InternalFailure
        Iot DeleteJobTemplate DELETE /job-templates/{jobTemplateId} | jobTemplateId* |  | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 500 InternalFailure
        Iot ListManagedJobTemplates GET /managed-job-templates | templateName maxResults nextToken |  | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 500 InternalServer
        Iot DescribeManagedJobTemplate GET /managed-job-templates/{templateName} | templateName* templateVersion |  | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 500 InternalServer
        Iot TagResource POST /tags |  | resourceArn* tags* | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 410 LimitExceeded, 500 InternalFailure
        Iot UntagResource POST /untag |  | resourceArn* tagKeys* | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 500 InternalFailure
        Iot ListTagsForResource GET /tags | resourceArn* nextToken |  | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 500 InternalFailure
        Iot CreateThingType POST /thing-types/{thingTypeName} | thingTypeName* | thingTypeProperties tags | 400 InvalidRequest, 400 Throttling, 401 Unauthorized, 409 ResourceAlreadyExists, 500 InternalFailure, 503 ServiceUnavailable
        Iot DescribeThingType GET /thing-types/{thingTypeName} | thingTypeName* |  | 400 InvalidRequest, 400 Throttling, 401 Unauthorized, 404 ResourceNotFound, 500 InternalFailure, 503 ServiceUnavailable
        Iot UpdateThingType PATCH /thing-types/{thingTypeName} | thingTypeName* | thingTypeProperties | 400 InvalidRequest, 400 Throttling, 401 Unauthorized, 404 ResourceNotFound, 500 InternalFailure, 503 ServiceUnavailable
        Iot ListThingTypes GET /thing-types | nextToken maxResults thingTypeName |  | 400 InvalidRequest, 400 Throttling, 401 Unauthorized, 500 InternalFailure, 503 ServiceUnavailable
        Iot DeprecateThingType POST /thing-types/{thingTypeName}/deprecate | thingTypeName* | undoDeprecate | 400 InvalidRequest, 400 Throttling, 401 Unauthorized, 404 ResourceNotFound, 500 InternalFailure, 503 ServiceUnavailable
        Iot DeleteThingType DELETE /thing-types/{thingTypeName} | thingTypeName* |  | 400 InvalidRequest, 400 Throttling, 401 Unauthorized, 404 ResourceNotFound, 500 InternalFailure, 503 ServiceUnavailable
        Iot AttachThingPrincipal PUT /things/{thingName}/principals | thingName* x-amzn-principal* thingPrincipalType |  | 400 InvalidRequest, 400 Throttling, 401 Unauthorized, 404 ResourceNotFound, 500 InternalFailure, 503 ServiceUnavailable
        Iot DetachThingPrincipal DELETE /things/{thingName}/principals | thingName* x-amzn-principal* |  | 400 InvalidRequest, 400 Throttling, 401 Unauthorized, 404 ResourceNotFound, 500 InternalFailure, 503 ServiceUnavailable
        Iot ListThingPrincipals GET /things/{thingName}/principals | nextToken maxResults thingName* |  | 400 InvalidRequest, 400 Throttling, 401 Unauthorized, 404 ResourceNotFound, 500 InternalFailure, 503 ServiceUnavailable
        Iot ListPrincipalThings GET /principals/things | nextToken maxResults x-amzn-principal* |  | 400 InvalidRequest, 400 Throttling, 401 Unauthorized, 404 ResourceNotFound, 500 InternalFailure, 503 ServiceUnavailable
        Iot CreateBillingGroup POST /billing-groups/{billingGroupName} | billingGroupName* | billingGroupProperties tags | 400 InvalidRequest, 400 Throttling, 409 ResourceAlreadyExists, 500 InternalFailure
        Iot DescribeBillingGroup GET /billing-groups/{billingGroupName} | billingGroupName* |  | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 500 InternalFailure
        Iot UpdateBillingGroup PATCH /billing-groups/{billingGroupName} | billingGroupName* | billingGroupProperties* expectedVersion | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 409 VersionConflict, 500 InternalFailure
        Iot DeleteBillingGroup DELETE /billing-groups/{billingGroupName} | billingGroupName* expectedVersion |  | 400 InvalidRequest, 400 Throttling, 409 VersionConflict, 500 InternalFailure
        Iot ListBillingGroups GET /billing-groups | nextToken maxResults namePrefixFilter |  | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 500 InternalFailure
        Iot AddThingToBillingGroup PUT /billing-groups/addThingToBillingGroup |  | billingGroupName billingGroupArn thingName thingArn | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 500 InternalFailure
        Iot RemoveThingFromBillingGroup PUT /billing-groups/removeThingFromBillingGroup |  | billingGroupName billingGroupArn thingName thingArn | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 500 InternalFailure
        Iot ListThingsInBillingGroup GET /billing-groups/{billingGroupName}/things | billingGroupName* nextToken maxResults |  | 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 500 InternalFailure
        Iot CreateDynamicThingGroup POST /dynamic-thing-groups/{thingGroupName} | thingGroupName* | thingGroupProperties indexName queryString* queryVersion tags | 400 InvalidQuery, 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 409 ResourceAlreadyExists, 410 LimitExceeded, 500 InternalFailure
        Iot UpdateDynamicThingGroup PATCH /dynamic-thing-groups/{thingGroupName} | thingGroupName* | thingGroupProperties* expectedVersion indexName queryString queryVersion | 400 InvalidQuery, 400 InvalidRequest, 400 Throttling, 404 ResourceNotFound, 409 VersionConflict, 500 InternalFailure
        Iot DeleteDynamicThingGroup DELETE /dynamic-thing-groups/{thingGroupName} | thingGroupName* expectedVersion |  | 400 InvalidRequest, 400 Throttling, 409 VersionConflict, 500 InternalFailure
        Iot UpdateEventConfigurations PATCH /event-configurations |  | eventConfigurations | 400 InvalidRequest, 400 Throttling, 500 InternalFailure
        Iot DescribeEventConfigurations GET /event-configurations |  |  | 400 Throttling, 500 InternalFailure
        Iot DescribeEndpoint GET /endpoint | endpointType |  | 400 InvalidRequest, 400 Throttling, 401 Unauthorized, 500 InternalFailure
        IotJobsData GetPendingJobExecutions GET /things/{thingName}/jobs | thingName* |  | 400 CertificateValidation, 400 InvalidRequest, 404 ResourceNotFound, 429 Throttling, 503 ServiceUnavailable
        IotJobsData StartNextPendingJobExecution PUT /things/{thingName}/jobs/$next | thingName* | statusDetails stepTimeoutInMinutes | 400 CertificateValidation, 400 InvalidRequest, 404 ResourceNotFound, 429 Throttling, 503 ServiceUnavailable
        IotJobsData DescribeJobExecution GET /things/{thingName}/jobs/{jobId} | jobId* thingName* includeJobDocument executionNumber |  | 400 CertificateValidation, 400 InvalidRequest, 404 ResourceNotFound, 410 TerminalState, 429 Throttling, 503 ServiceUnavailable
        IotData Publish POST /topics/{topic} | topic* qos retain contentType responseTopic messageExpiry x-amz-mqtt5-user-properties x-amz-mqtt5-payload-format-indicator x-amz-mqtt5-correlation-data |  | 400 InvalidRequest, 401 Unauthorized, 405 MethodNotAllowed, 429 Throttling, 500 InternalFailure
        IotData GetRetainedMessage GET /retainedMessage/{topic} | topic* |  | 400 InvalidRequest, 401 Unauthorized, 404 ResourceNotFound, 405 MethodNotAllowed, 429 Throttling, 500 InternalFailure, 503 ServiceUnavailable
        IotData ListRetainedMessages GET /retainedMessage | nextToken maxResults |  | 400 InvalidRequest, 401 Unauthorized, 405 MethodNotAllowed, 429 Throttling, 500 InternalFailure, 503 ServiceUnavailable
        IotJobsData UpdateJobExecution POST /things/{thingName}/jobs/{jobId} | jobId* thingName* | status* statusDetails stepTimeoutInMinutes expectedVersion includeJobExecutionState includeJobDocument executionNumber | 400 CertificateValidation, 400 InvalidRequest, 404 ResourceNotFound, 409 InvalidStateTransition, 429 Throttling, 503 ServiceUnavailable
        """;
}
