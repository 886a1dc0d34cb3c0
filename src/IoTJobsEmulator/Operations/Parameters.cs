using System.Globalization;
using System.Reflection;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Operations.Endpoint;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Operations;

/// <summary>How the parameters of an operation's method are bound, whatever the arguments are read from.</summary>
internal static class Parameters
{
    private static readonly Type[] FromTheEmulator =
        [typeof(Realm), typeof(Tenant?), typeof(CallersAddress), typeof(UrlSigner), typeof(FetchedDocument), typeof(CancellationToken)];

    /// <summary>Whether the emulator gives the argument, and not the caller.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="services">The services that a parameter may ask for.</param>
    public static bool IsFromTheEmulator(this ParameterInfo parameter, IServiceProviderIsService services) =>
        FromTheEmulator.Contains(parameter.ParameterType) || services.IsService(parameter.ParameterType);

    /// <summary>Parses a text to a value of the type, or of the type that may be null; null when it does not fit.</summary>
    /// <exception cref="NotSupportedException">Values of the type are not written as one text.</exception>
    public static Func<string, object?> Parser(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return text => text;
        if (type == typeof(bool))
            return text => bool.TryParse(text, out var value) ? value : null;
        if (type == typeof(int))
            return text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
        if (type == typeof(long))
            return text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
        if (type == typeof(Duration))
            return text => Duration.TryRead(text, out var value) ? value : null;
        if (type == typeof(DateTimeOffset))
            return text => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
        if (type.IsAssignableTo(typeof(IEnumText)))
            return text => Activator.CreateInstance(type, text);
        throw new NotSupportedException($"A parameter of the type {type} cannot be read from a path or query.");
    }
}
