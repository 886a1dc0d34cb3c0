using System.Globalization;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.Endpoint;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_DescribeEndpoint.html"/>
public static class DescribeEndpoint
{
    private const int DefaultHttpsPort = 443;

    public sealed record Response(string EndpointAddress);

    /// <summary>
    /// Tells under which address the emulator is reached: for iot:Data, iot:Data-ATS and iot:CredentialProvider a host, to which clients
    /// add a port of their own, for iot:Jobs the host and the port of HTTPS, or that of HTTP when HTTPS is not served.
    /// </summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="caller">Where the caller reached the emulator.</param>
    /// <param name="endpointType">iot:Data-ATS, iot:Data (when absent), iot:CredentialProvider or iot:Jobs, in any case.</param>
    public static Response Handle(Realm realm, CallersAddress caller, [EndpointType] string? endpointType)
    {
        var host = caller.Override ?? caller.Host;
        return (endpointType ?? "iot:Data").ToUpperInvariant() switch
        {
            // AWS takes the type in any case: iot:data-ats works (observed).
            "IOT:DATA" or "IOT:DATA-ATS" or "IOT:CREDENTIALPROVIDER" => new(host),
            "IOT:JOBS" => new(caller.Port == DefaultHttpsPort ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{caller.Port}")),
            _ => throw ServiceError.InvalidRequest.Because($"Endpoint type {endpointType} not recognized"),
        };
    }
}
