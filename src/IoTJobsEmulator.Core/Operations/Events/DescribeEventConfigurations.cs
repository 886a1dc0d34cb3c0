using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Operations.Events;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_DescribeEventConfigurations.html"/>
public static class DescribeEventConfigurations
{
    /// <summary>Dates are left out until something was configured.</summary>
    public sealed record Response(IReadOnlyDictionary<string, Configuration> EventConfigurations, Moment? CreationDate, Moment? LastModifiedDate);

    /// <summary>Tells for each type of events whether they are published. All are off by default.</summary>
    public static Response Handle(Realm realm)
    {
        var row = realm.EventConfigurations.Only;
        return new(
            Enum.GetValues<EventType>().ToDictionary(type => type.ToString(), type => new Configuration { Enabled = EventConfiguration.IsEnabled(realm, type) }),
            row?.CreatedAt,
            row?.LastModifiedAt);
    }
}
