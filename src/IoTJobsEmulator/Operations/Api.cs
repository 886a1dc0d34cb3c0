using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Operations;

/// <summary>The APIs that the emulator has: three of AWS, named as the SDKs name them, and its own.</summary>
internal enum Api
{
    /// <summary><c>iot</c>: what operators call.</summary>
    Iot,

    /// <summary><c>iot-jobs-data</c>: what devices call.</summary>
    IotJobsData,

    /// <summary><c>iot-data</c>: MQTT messages over HTTP.</summary>
    IotData,

    /// <summary>The endpoints under <c>/_emulator</c>, which AWS does not have.</summary>
    Emulator,
}

/// <summary>What an error is called depends on the API that answers it.</summary>
internal static class ApiErrors
{
    public static string NameOf(this Api api, ServiceError error) => IsDataPlane(api) ? error.DataPlaneName : error.Name;

    public static int StatusOf(this Api api, ServiceError error) => IsDataPlane(api) ? error.DataPlaneStatus : error.Status;

    private static bool IsDataPlane(Api api) => api is Api.IotJobsData or Api.IotData;
}
