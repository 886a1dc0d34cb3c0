namespace IoTJobsEmulator.Operations;

/// <summary>Who is served at an endpoint of AWS IoT.</summary>
internal enum EndpointKind
{
    /// <summary>Not known: no endpoint of AWS IoT, or one of a service that is not emulated.</summary>
    Unknown,

    /// <summary>The control plane: <c>iot.eu-west-1.amazonaws.com</c>.</summary>
    Iot,

    /// <summary>iot-jobs-data alone: <c>data.jobs.iot.eu-west-1.amazonaws.com</c>, <c>abc123.jobs.iot.eu-west-1.amazonaws.com</c>.</summary>
    IotJobsData,

    /// <summary>MQTT, iot-data and iot-jobs-data: <c>abc123-ats.iot.eu-west-1.amazonaws.com</c>, <c>data-ats.iot.eu-west-1.amazonaws.com</c>.</summary>
    Devices,
}

/// <summary>
/// What the host name of an endpoint of AWS IoT states. The label <c>iot</c>, of FIPS endpoints <c>iot-fips</c>, is followed by the region;
/// the labels before it tell who is served. The domain is not checked: it is amazonaws.com, amazonaws.com.cn, api.aws, or one that leads to
/// this machine.
/// </summary>
internal readonly ref struct EndpointHost
{
    public EndpointKind Kind { get; private init; }

    public ReadOnlySpan<char> Region { get; private init; }

    /// <param name="host">A host name without a port, in any case; null when the client sends none.</param>
    /// <param name="endpoint">What the host name states.</param>
    public static bool TryParse(string? host, out EndpointHost endpoint)
    {
        endpoint = default;
        var name = host is null ? default : host.ToLowerInvariant().AsSpan();
        Span<Range> labels = stackalloc Range[12];
        var count = name.Split(labels, '.');
        for (var service = 0; service + 1 < count; service++)
        {
            var region = name[labels[service + 1]];
            if (name[labels[service]] is not ("iot" or "iot-fips") || !IsRegion(region))
                continue;
            endpoint = new() { Kind = service == 0 ? EndpointKind.Iot : KindOf(name[labels[service - 1]], isAlone: service == 1), Region = region };
            return true;
        }
        return false;
    }

    /// <param name="label">The label before the service's.</param>
    /// <param name="isAlone">Whether it is the first of the host name.</param>
    private static EndpointKind KindOf(ReadOnlySpan<char> label, bool isAlone) => label switch
    {
        "jobs" => EndpointKind.IotJobsData,
        "api" => EndpointKind.Iot, // of a VPC endpoint
        "data" or "ats" => EndpointKind.Devices,
        _ => isAlone ? EndpointKind.Devices : EndpointKind.Unknown, // abc123.credentials.iot
    };

    /// <summary>Whether a label has the form of a region's name: <c>us-gov-west-1</c>.</summary>
    private static bool IsRegion(ReadOnlySpan<char> label)
    {
        var dash = label.LastIndexOf('-');
        if (dash <= 0 || dash == label.Length - 1 || label[(dash + 1)..].ContainsAnyExceptInRange('0', '9'))
            return false;
        var names = label[..dash];
        var words = 0;
        foreach (var word in names.Split('-'))
        {
            if (names[word].IsEmpty || names[word].ContainsAnyExceptInRange('a', 'z'))
                return false;
            words++;
        }
        return words > 1;
    }
}
