using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Storage;

namespace IoTJobsEmulator.Tests.Storage;

/// <summary>The text of lists in columns, which files of earlier versions have too.</summary>
public sealed class ColumnConvertersTests
{
    [Fact]
    public void Lists_are_stored_as_JSON_without_members_that_are_not_set()
    {
        AssertStored<JobTarget>(
            """[{"Arn":"arn:aws:iot:us-east-1:1:thing/a\"b","ThingName":"a\"b"},{"Arn":"arn:aws:iot:us-east-1:1:thinggroup/Gruß","ThingGroupId":"1"}]""",
            [new("arn:aws:iot:us-east-1:1:thing/a\"b", "a\"b", null), new("arn:aws:iot:us-east-1:1:thinggroup/Gruß", null, "1")]);
        AssertStored<Tag>("""[{"Key":"<k&>"}]""", [new() { Key = "<k&>" }]);
        AssertStored<string>("""["a","+b/"]""", ["a", "+b/"]);
        AssertStored<MaintenanceWindow>("""[{"StartTime":"cron(0 1 * * ? *)","DurationInMinutes":60}]""", [new() { StartTime = "cron(0 1 * * ? *)", DurationInMinutes = 60 }]);
        AssertStored<string>("[]", []);
    }

    private static void AssertStored<T>(string text, ValueList<T> list)
    {
        var converter = (ColumnConverter<ValueList<T>, string>)ColumnConverters.For(typeof(ValueList<T>))!;
        Assert.Equal(text, converter.Write(list));
        Assert.Equal(text, converter.Write(list)); // its buffer is used again
        Assert.Equal(list, converter.Read(text));
    }
}
