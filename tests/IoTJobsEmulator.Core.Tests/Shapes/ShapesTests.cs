using System.Globalization;
using System.Reflection;
using IoTJobsEmulator.Core.Shapes;

namespace IoTJobsEmulator.Core.Tests.Shapes;

public sealed class ShapesTests
{
    /// <summary>From the service models (botocore 1.43.11); the upper bounds of DetailsValue and DetailsMap are quotas.</summary>
    private const string Model = """
        AbortCriteriaList              list 1..
        AbortThresholdPercentage       number ..100
        AttributeName                  string ..128 [a-zA-Z0-9_.,@/:#-]+
        AttributeValue                 string ..800 [a-zA-Z0-9_.,@/:#=\[\]-]*
        Attributes                     map AttributeName AttributeValue
        BillingGroupArn                string
        BillingGroupDescription        string ..2028 [\p{Graph}\x20]*
        BillingGroupName               string 1..128 [a-zA-Z0-9:_-]+
        Comment                        string ..2028 [^\p{C}]+
        ConnectionAttributeName        string ..128 [a-zA-Z0-9:.]+
        CronExpression                 string 1..256
        DescribeJobExecutionJobId      string [a-zA-Z0-9_-]+|^\$next
        DestinationPackageVersions     list ..25 PackageVersionArn
        DetailsKey                     string 1..128 [a-zA-Z0-9:_-]+
        DetailsMap                     map ..10 DetailsKey DetailsValue
        DetailsValue                   string 1..1024 [\P{C}\n\r\t]+
        DurationInMinutes              number 1..1430
        EndpointType                   string ..128 [\s\S]*
        ExpiresInSec                   number 60..3600
        IncrementFactor                number 1.1..5
        IndexName                      string 1..128 [a-zA-Z0-9:_-]+
        JobArn                         string
        JobDescription                 string ..2028 [^\p{C}]+
        JobDocument                    string ..32768
        JobDocumentSource              string 1..1350
        JobId                          string 1..64 [a-zA-Z0-9_-]+
        JobTargets                     list 1.. TargetArn
        JobTemplateArn                 string 1..1600 ^arn:[!-~]+$
        JobTemplateId                  string 1..64 [a-zA-Z0-9_-]+
        LaserMaxResults                number 1..250
        MaintenanceWindows             list
        ManagedJobTemplateName         string 1..64
        ManagedTemplateVersion         string ^[1-9]+.[0-9]+
        MaxJobExecutionsPerMin         number 1..1000
        MinimumNumberOfExecutedThings  number 1..
        NamespaceId                    string [a-zA-Z0-9_-]+
        NextToken                      string
        NumberOfRetries                number 0..10
        NumberOfThings                 number 1..
        OptionalVersion                number
        PackageVersionArn              string 1..1600 ^arn:[!-~]+$
        ParameterKey                   string 1..128 [a-zA-Z0-9_-]+
        ParameterMap                   map ParameterKey ParameterValue
        ParameterValue                 string 1..30720 [^\p{C}]+
        Principal                      string
        PropagatingAttributeList       list
        QueryString                    string 1..
        QueryVersion                   string
        ReasonCode                     string ..128 [\p{Upper}\p{Digit}_]+
        RegistryMaxResults             number 1..250
        ResourceArn                    string
        RetryCriteriaList              list 1..2
        RoleArn                        string ..2048
        RolloutRatePerMinute           number 1..1000
        SearchableAttributes           list AttributeName
        StringDateTime                 string 1..64
        TagKey                         string 1..128 ^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$
        TagKeyList                     list TagKey
        TagList                        list
        TagValue                       string 0..256
        TargetArn                      string ..2048
        ThingArn                       string
        ThingGroupArn                  string
        ThingGroupDescription          string ..2028 [\p{Graph}\x20]*
        ThingGroupId                   string 1..128 [a-zA-Z0-9\-]+
        ThingGroupList                 list ThingGroupName
        ThingGroupName                 string 1..128 [a-zA-Z0-9:_-]+
        ThingName                      string 1..128 [a-zA-Z0-9:_-]+
        ThingTypeDescription           string ..2028 [\p{Graph}\x20]*
        ThingTypeName                  string 1..128 [a-zA-Z0-9:_-]+
        UserPropertyKeyName            string ..128 [a-zA-Z0-9:$.]+
        """;

    public static TheoryData<string, string> Valid => new()
    {
        { "JobId", "update-firmware_2" },
        { "DescribeJobExecutionJobId", "$next" },
        { "DescribeJobExecutionJobId", "update-firmware" },
        { "DetailsKey", "step:2" },
        { "ThingName", "pump:1_a-b" },
        { "ThingGroupId", "e4a1-8b" },
        { "AttributeName", "site,floor@a/b:c#d-e.f" },
        { "AttributeValue", "" },
        { "AttributeValue", "a=b[1]-" },
        { "ReasonCode", "TOO_HOT_2" },
        { "Comment", "Überhitzt: 95 °C, 日本" },
        { "Comment", "\U0001F525 hot" },
        { "ParameterValue", "\U00020BB7" },
        { "ThingGroupDescription", "" },
        { "ThingGroupDescription", "the pumps of hall 2 (~!)" },
        { "TagKey", "Kostenstelle Süd_1.2:/=+-@" },
        { "TagKey", "\U00020BB7" },
        { "JobTemplateArn", "arn:aws:iot:eu-central-1:123456789012:jobtemplate/reboot" },
        { "EndpointType", "a\nb" },
    };

    public static TheoryData<string, string> Invalid => new()
    {
        { "JobId", "update firmware" },
        { "JobId", "update-firmware\n" },
        { "JobId", "aktualisiere-für" },
        { "JobId", "a\U0001D7D9" },
        { "DescribeJobExecutionJobId", "" },
        { "DescribeJobExecutionJobId", "$nextjob" },
        { "DescribeJobExecutionJobId", "a$next" },
        { "NamespaceId", "" },
        { "DetailsKey", "step.2" },
        { "ThingName", "pump/1" },
        { "ThingName", "x pump-1" },
        { "ThingGroupId", "e4_a1" },
        { "AttributeName", "" },
        { "AttributeName", "a=b" },
        { "AttributeValue", "a b" },
        { "AttributeValue", "a^b" },
        { "ReasonCode", "too_hot" },
        { "ReasonCode", "ÜBER" },
        { "ReasonCode", "\u0662" },
        { "Comment", "" },
        { "Comment", "a\tb" },
        { "Comment", "zero\u200Bwidth" },
        { "Comment", "half \uD83D" },
        { "Comment", "\uDD25 half" },
        { "Comment", "swapped \uDD25\uD83D" },
        { "Comment", "a tag \U000E0041" },
        { "Comment", "private \U000F0000" },
        { "ThingGroupDescription", "café" },
        { "ThingGroupDescription", "a\tb" },
        { "TagKey", "a;b" },
        { "TagKey", "\U0001F525" },
        { "TagKey", "key\n" },
        { "JobTemplateArn", "arn:" },
        { "JobTemplateArn", "arn:aws iot" },
        { "JobTemplateArn", "arn:aws\n" },
        { "JobTemplateArn", "an arn:aws" },
    };

    [Fact]
    public void Every_shape_is_as_the_service_model_has_it()
    {
        var shapes = typeof(ShapeAttribute).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(ShapeAttribute)) && !type.IsAbstract)
            .Select(type => (ShapeAttribute)Activator.CreateInstance(type)!)
            .OrderBy(shape => shape.Name, StringComparer.Ordinal)
            .Select(shape => $"{shape.Name,-30} {Describe(shape)}");

        Assert.Equal(Model.Split('\n'), shapes);
    }

    /// <summary>On a member or parameter, or as the element, key or value of a shape that is.</summary>
    [Fact]
    public void Every_shape_is_used()
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var types = typeof(ShapeAttribute).Assembly.GetTypes();
        var members = types.SelectMany(type => type.GetProperties(all)).SelectMany(property => property.GetCustomAttributes<ShapeAttribute>());
        var parameters = types.SelectMany(type => type.GetMethods(all)).SelectMany(method => method.GetParameters()).SelectMany(parameter => parameter.GetCustomAttributes<ShapeAttribute>());
        var used = members.Concat(parameters).SelectMany(WithParts).Select(shape => shape.GetType()).ToHashSet();

        Assert.Empty(types.Where(type => type.IsSubclassOf(typeof(ShapeAttribute)) && !type.IsAbstract).Except(used).Select(type => type.Name));

        static IEnumerable<ShapeAttribute> WithParts(ShapeAttribute? shape) => shape switch
        {
            null => [],
            ListShapeAttribute list => [list, .. WithParts(list.Element)],
            MapShapeAttribute map => [map, .. WithParts(map.Key), .. WithParts(map.Value)],
            _ => [shape],
        };
    }

    [Theory, MemberData(nameof(Valid), DisableDiscoveryEnumeration = true)]
    public void A_value_may_be_all_that_its_pattern_says(string shape, string value) => Assert.Empty(Broken(shape, value));

    [Theory, MemberData(nameof(Invalid), DisableDiscoveryEnumeration = true)]
    public void A_value_must_match_its_pattern_as_a_whole(string shape, string value) =>
        Assert.Contains(
            Broken(shape, value), rule => rule.StartsWith("Member must satisfy regular expression pattern: ", StringComparison.Ordinal));

    [Theory]
    [InlineData("JobId", 1, 64)]
    [InlineData("JobDocumentSource", 1, 1350)]
    [InlineData("JobDocument", 0, 32768)]
    [InlineData("DetailsValue", 1, 1024)]
    public void A_length_may_be_on_its_bounds_and_not_beyond(string shape, int min, int max)
    {
        Assert.Empty(Broken(shape, new string('a', max)));
        Assert.Equal([$"Member must have length less than or equal to {max}"], Broken(shape, new string('a', max + 1)));
        if (min == 0)
            return;
        Assert.Empty(Broken(shape, new string('a', min)));
        Assert.Contains($"Member must have length greater than or equal to {min}", Broken(shape, new string('a', min - 1)));
    }

    [Fact]
    public void Lengths_are_counted_in_code_points()
    {
        var fire = string.Concat(Enumerable.Repeat("\U0001F525", 1024));

        Assert.Empty(Broken("DetailsValue", fire));
        Assert.Equal(["Member must have length less than or equal to 1024"], Broken("DetailsValue", fire + "!"));
    }

    [Theory]
    [InlineData("LaserMaxResults", 0, "Member must have value greater than or equal to 1")]
    [InlineData("LaserMaxResults", 1, null)]
    [InlineData("LaserMaxResults", 250, null)]
    [InlineData("LaserMaxResults", 251, "Member must have value less than or equal to 250")]
    [InlineData("ExpiresInSec", 59L, "Member must have value greater than or equal to 60")]
    [InlineData("ExpiresInSec", 3600L, null)]
    [InlineData("IncrementFactor", 1.09, "Member must have value greater than or equal to 1.1")]
    [InlineData("IncrementFactor", 1.1, null)]
    [InlineData("IncrementFactor", 5.01, "Member must have value less than or equal to 5")]
    [InlineData("AbortThresholdPercentage", -1.0, null)]
    [InlineData("AbortThresholdPercentage", 100.5, "Member must have value less than or equal to 100")]
    [InlineData("OptionalVersion", long.MinValue, null)]
    public void A_number_may_be_on_its_bounds_and_not_beyond(string shape, object value, string? rule) =>
        Assert.Equal(rule is null ? [] : [rule], Broken(shape, value));

    private static IEnumerable<string> Broken(string shape, object value)
    {
        var type = typeof(ShapeAttribute).Assembly.GetType($"{typeof(ShapeAttribute).Namespace}.{shape}Attribute", true)!;
        return ((ShapeAttribute)Activator.CreateInstance(type)!).Rules.Where(rule => !rule.Holds(value)).Select(rule => rule.Text);
    }

    private static string Describe(ShapeAttribute shape) => string.Join(' ', (shape switch
    {
        StringShapeAttribute text => ["string", Range(text.Min, text.Max), text.Pattern],
        NumberShapeAttribute number => ["number", Range(number.Min, number.Max)],
        ListShapeAttribute list => ["list", Range(list.Min, list.Max), list.Element?.Name],
        MapShapeAttribute map => new[] { "map", Range(null, map.Max), map.Key.Name, map.Value.Name },
        _ => throw new InvalidOperationException(),
    }).Where(part => part is not null));

    private static string? Range(double? min, double? max) =>
        min is null && max is null ? null : string.Create(CultureInfo.InvariantCulture, $"{min}..{max}");
}
