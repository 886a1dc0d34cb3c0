using System.Reflection;
using System.Text.Json.Serialization;
using IoTJobsEmulator.Core.Shapes;

namespace IoTJobsEmulator.Core.Tests.Shapes;

public sealed class ConstraintsTests
{
    private const string KeyRules = "Member must have length less than or equal to 128, "
        + "Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [a-zA-Z0-9:_-]+";

    private const string ValueRules = "Member must have length less than or equal to 1024, "
        + @"Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [\P{C}\n\r\t]+";

    private static readonly Update Valid = new() { Targets = new(["arn:a"]) };

    [Fact]
    public void A_structure_in_which_nothing_is_wrong_passes()
    {
        var update = Valid with
        {
            Status = Mood.CALM,
            MaxResults = 250,
            StatusDetails = new([new("step", "2"), new("heat", "\U0001F525")]),
            AbortConfig = new() { CriteriaList = new([new() { Action = Reaction.CANCEL, ThresholdPercentage = 99.5 }]) },
            Groups = ["pumps", "valves"],
            Note = "anything\n",
        };

        Constraints.Check(update);
        Assert.Empty(Constraints.Violations(update));
    }

    [Fact]
    public void One_violation_is_an_error() => AssertRefused(
        "1 validation error detected: Value '0' at 'maxResults' "
            + "failed to satisfy constraint: Member must have value greater than or equal to 1",
        Valid with { MaxResults = 0 });

    [Fact]
    public void All_violations_are_reported_together_as_the_members_are_declared() => AssertRefused(
        "4 validation errors detected: "
        + "Value 'angry' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [WILD, CALM]; "
        + "Value '251' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 250; "
        + "Value null at 'abortConfig.criteriaList' failed to satisfy constraint: Member must not be null; "
        + "Value null at 'targets' failed to satisfy constraint: Member must not be null",
        new Update { AbortConfig = new(), MaxResults = 251, Status = new("angry") });

    [Fact]
    public void A_value_that_breaks_two_rules_is_reported_twice() => AssertViolations(
        [
            "Value '' at 'jobId' failed to satisfy constraint: Member must have length greater than or equal to 1",
            "Value '' at 'jobId' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+",
        ],
        Valid with { Job = "" });

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("calm")]
    [InlineData(" CALM")]
    [InlineData("")]
    public void An_enum_knows_only_the_exact_names_of_its_members(string text) => AssertViolations(
        [$"Value '{text}' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [WILD, CALM]"],
        Valid with { Status = new(text) });

    [Theory]
    [InlineData(101, "101.0")]
    [InlineData(100.25, "100.25")]
    [InlineData(9999999, "9999999.0")]
    [InlineData(1e7, "1.0E7")]
    [InlineData(1.5e20, "1.5E20")]
    public void Doubles_are_written_as_Java_does(double value, string text) => AssertViolations(
        [$"Value '{text}' at 'abortConfig.criteriaList.1.member.thresholdPercentage' "
            + "failed to satisfy constraint: Member must have value less than or equal to 100"],
        Abort(new Criterion { Action = Reaction.CANCEL, ThresholdPercentage = value }));

    [Fact]
    public void Members_of_structures_in_lists_have_a_path_that_counts_from_one() => AssertViolations(
        [
            "Value 'STOP' at 'abortConfig.criteriaList.1.member.action' "
                + "failed to satisfy constraint: Member must satisfy enum value set: [CANCEL]",
            "Value null at 'abortConfig.criteriaList.2.member.action' failed to satisfy constraint: Member must not be null",
            "Value '0' at 'abortConfig.criteriaList.2.member.minNumberOfExecutedThings' "
                + "failed to satisfy constraint: Member must have value greater than or equal to 1",
        ],
        Abort(new Criterion { Action = new("STOP") }, new Criterion { MinNumberOfExecutedThings = 0 }));

    [Fact]
    public void An_empty_list_is_too_short() => AssertViolations(
        [
            "Value '[]' at 'abortConfig.criteriaList' failed to satisfy constraint: Member must have length greater than or equal to 1",
            "Value '[]' at 'targets' failed to satisfy constraint: Member must have length greater than or equal to 1",
        ],
        new Update { Targets = [], AbortConfig = new() { CriteriaList = [] } });

    [Fact]
    public void A_list_of_structures_is_written_as_Java_does() => AssertViolations(
        [
            "Value '[Try(failureType=FAILED, numberOfRetries=1), Try(failureType=ALL, numberOfRetries=null), "
            + "Try(failureType=null, numberOfRetries=null)]' at 'retries' failed to satisfy constraint: "
            + "Member must have length less than or equal to 2",
        ],
        Valid with { Retries = new([new() { FailureType = "FAILED", NumberOfRetries = 1 }, new() { FailureType = "ALL" }, new()]) });

    [Fact]
    public void A_list_of_texts_is_reported_once_with_all_rules_of_its_elements() => AssertViolations(
        [$"Value '[pumps, a b, valves]' at 'groups' failed to satisfy constraint: Member must satisfy constraint: [{KeyRules}]"],
        Valid with { Groups = ["pumps", "a b", "valves"] });

    [Fact]
    public void A_shape_without_lower_bound_still_states_one() => AssertViolations(
        [
            $"Value '[{new string('a', 2049)}]' at 'targets' failed to satisfy constraint: Member must satisfy constraint: "
            + "[Member must have length less than or equal to 2048, Member must have length greater than or equal to 0]",
        ],
        new Update { Targets = new([new string('a', 2049)]) });

    [Fact]
    public void A_map_is_reported_once_for_its_keys_and_once_for_its_values() => AssertViolations(
        [
            $"Value '{{a b=, step=2}}' at 'statusDetails' failed to satisfy constraint: Map keys must satisfy constraint: [{KeyRules}]",
            $"Value '{{a b=, step=2}}' at 'statusDetails' failed to satisfy constraint: Map value must satisfy constraint: [{ValueRules}]",
        ],
        Valid with { StatusDetails = new([new("a b", ""), new("step", "2")]) });

    [Fact]
    public void Status_details_have_ten_pairs_at_most()
    {
        var pairs = Enumerable.Range(1, 11).Select(i => KeyValuePair.Create($"k{i}", "v")).ToList();

        Assert.Empty(Constraints.Violations(Valid with { StatusDetails = new(pairs.Take(10)) }));
        AssertViolations(
            [
                "Value '{k1=v, k2=v, k3=v, k4=v, k5=v, k6=v, k7=v, k8=v, k9=v, k10=v, k11=v}' at 'statusDetails' "
                + "failed to satisfy constraint: Member must have length less than or equal to 10",
            ],
            Valid with { StatusDetails = new(pairs) });
    }

    [Fact]
    public void Nothing_within_a_list_or_a_map_may_be_null() => AssertViolations(
        [
            "Value null at 'abortConfig.criteriaList.1.member' failed to satisfy constraint: Member must not be null",
            "Value null at 'statusDetails.step.member' failed to satisfy constraint: Member must not be null",
            "Value null at 'groups.2.member' failed to satisfy constraint: Member must not be null",
        ],
        Abort([null!]) with { StatusDetails = new([new("step", null!)]), Groups = ["pumps", null!] });

    [Fact]
    public void A_member_that_the_wire_does_not_know_is_not_checked() =>
        Assert.Empty(Constraints.Violations(Valid with { Hidden = "a b" }));

    [Fact]
    public void Arguments_and_body_are_checked_in_the_order_of_the_parameters() => AssertRefused(
        "3 validation errors detected: "
        + "Value 'a b' at 'thingName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9:_-]+; "
        + "Value 'angry' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [WILD, CALM]; "
        + "Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1",
        Handle, ["a b", null, Valid with { Status = new("angry") }, 0]);

    [Fact]
    public void An_argument_in_which_nothing_is_wrong_passes()
    {
        Constraints.For(Handle).Check(["pump-1", new EnumText<Mood>("CALM"), Valid, 250]);
        Constraints.For(Handle).Check(["pump-1", null, Valid, null]);
        Assert.Empty(Constraints.For(Handle).Violations(["pump-1", null, Valid, null]));
    }

    [Fact]
    public void A_required_argument_must_be_given() => AssertRefused(
        "2 validation errors detected: "
        + "Value null at 'thingName' failed to satisfy constraint: Member must not be null; "
        + "Value 'SAD' at 'mood' failed to satisfy constraint: Member must satisfy enum value set: [WILD, CALM]",
        Handle, [null, new EnumText<Mood>("SAD"), Valid, null]);

    [Fact]
    public void No_body_lacks_what_an_empty_one_lacks() => AssertRefused(
        "1 validation error detected: Value null at 'targets' failed to satisfy constraint: Member must not be null",
        Handle, ["pump-1", null, null, null]);

    [Fact]
    public void The_state_and_flags_are_not_checked()
    {
        var handle = Method(nameof(StatefulOperation));

        Constraints.For(handle).Check([new object(), "any thing", true]);
        Assert.Same(Constraints.For(handle), Constraints.For(handle));
    }

    [Fact]
    public void A_shape_on_a_member_that_cannot_have_it_is_found_at_once() => Assert.Equal(
        "The shape JobId does not fit jobId, which is of the type System.Int64.",
        Assert.Throws<InvalidOperationException>(() => Constraints.For(Method(nameof(MistakenOperation)))).Message);

    private static MethodInfo Handle => Method(nameof(Operation));

    private static Update Abort(params Criterion[] criteria) => Valid with { AbortConfig = new() { CriteriaList = new(criteria) } };

    private static MethodInfo Method(string name) =>
        typeof(ConstraintsTests).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;

    private static void AssertViolations(string[] expected, Update update) => Assert.Equal(expected, Constraints.Violations(update));

    private static void AssertRefused(string message, Update update) => AssertRefused(message, () => Constraints.Check(update));

    private static void AssertRefused(string message, MethodInfo handle, object?[] arguments) =>
        AssertRefused(message, () => Constraints.For(handle).Check(arguments));

    private static void AssertRefused(string message, Action check)
    {
        var refusal = Assert.Throws<ServiceException>(check);
        Assert.Equal((ServiceError.InvalidRequest, message), (refusal.Error, refusal.Message));
    }

    private static void Operation(
        [Required, ThingName] string? thingName, EnumText<Mood>? mood, Update? request, [LaserMaxResults] int? maxResults) =>
        throw new NotSupportedException($"{thingName} {mood} {request} {maxResults}");

    private static void StatefulOperation(object realm, string text, bool? force) =>
        throw new NotSupportedException($"{realm} {text} {force}");

    private static void MistakenOperation([JobId] long jobId) => throw new NotSupportedException($"{jobId}");

    private enum Mood { WILD = 2, CALM = 1 }

    private enum Reaction { CANCEL }

    private sealed record Update : IStructure
    {
        public EnumText<Mood>? Status { get; init; }
        [LaserMaxResults] public int? MaxResults { get; init; }
        [JobId, JsonPropertyName("jobId"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Job { get; init; }
        public AbortConfiguration? AbortConfig { get; init; }
        [DetailsMap] public ValueMap? StatusDetails { get; init; }
        [Required, JobTargets] public ValueList<string>? Targets { get; init; }
        [ThingGroupList] public IReadOnlyList<string>? Groups { get; init; }
        [RetryCriteriaList] public ValueList<Try>? Retries { get; init; }
        [NextToken] public string? Note { get; init; }
        [JobId, JsonIgnore] public string? Hidden { get; init; }
    }

    private sealed record AbortConfiguration : IStructure
    {
        [Required, AbortCriteriaList] public ValueList<Criterion>? CriteriaList { get; init; }
    }

    private sealed record Criterion : IStructure
    {
        [Required] public EnumText<Reaction>? Action { get; init; }
        [AbortThresholdPercentage] public double? ThresholdPercentage { get; init; }
        [MinimumNumberOfExecutedThings] public int? MinNumberOfExecutedThings { get; init; }
    }

    private sealed record Try : IStructure
    {
        public string? FailureType { get; init; }
        [NumberOfRetries] public int? NumberOfRetries { get; init; }
    }
}
