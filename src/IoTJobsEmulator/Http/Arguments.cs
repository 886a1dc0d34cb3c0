using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Operations.Endpoint;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Documents;
using IoTJobsEmulator.Wire;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing.Patterns;

namespace IoTJobsEmulator.Http;

/// <summary>
/// The arguments of an operation's <c>Handle</c>, taken from a request: what the path names, else a header, else the query, by the
/// parameter's name; a structure, or bytes, is the body. Some come from the emulator: the realm, its address, who makes URLs, its services. ASP.NET's own binding would say what is wrong in .NET's words.
/// </summary>
internal sealed class Arguments
{
    private static readonly Type[] FromTheEmulator = [typeof(Realm), typeof(CallersAddress), typeof(UrlSigner), typeof(FetchedDocument), typeof(CancellationToken)];

    private readonly Func<HttpContext, object?>?[] _readers;
    private readonly int _realm = -1;
    private readonly int _body = -1;
    private readonly int _bytes = -1;
    private readonly Lazy<JsonTypeInfo>? _structure;

    public Arguments(MethodInfo handle, string pattern, IServiceProvider services, DocumentStore? documents)
    {
        var options = services.GetRequiredService<EmulatorOptions>();
        var known = services.GetRequiredService<IServiceProviderIsService>();
        var path = RoutePatternFactory.Parse(pattern);
        var parameters = handle.GetParameters();
        _readers = new Func<HttpContext, object?>?[parameters.Length];
        foreach (var parameter in parameters)
        {
            var type = parameter.ParameterType;
            if (type == typeof(Realm))
                _realm = parameter.Position;
            else if (type == typeof(CallersAddress))
                _readers[parameter.Position] = context => AddressOf(context, options);
            else if (type == typeof(UrlSigner))
                _readers[parameter.Position] = context => documents?.Signer(AddressFor(context, options));
            else if (type == typeof(FetchedDocument))
                Outside = parameter.Position;
            else if (type == typeof(CancellationToken))
                _readers[parameter.Position] = context => context.RequestAborted;
            else if (known.IsService(type))
                _readers[parameter.Position] = context => context.RequestServices.GetRequiredService(type);
            else if (type == typeof(ReadOnlyMemory<byte>))
                _bytes = parameter.Position;
            else if (type.IsAssignableTo(typeof(IStructure)))
                (_body, _structure) = (parameter.Position, new(() => WireJson.Options.GetTypeInfo(type)));
            else
                _readers[parameter.Position] = Reader(parameter, inPath: path.GetParameter(parameter.Name!) is not null);
        }
        Metadata = [.. parameters.Where(parameter => !FromTheEmulator.Contains(parameter.ParameterType) && !known.IsService(parameter.ParameterType)).Select(parameter => new ArgumentMetadata(parameter))];
    }

    /// <summary>The place of what is fetched from outside once the others are known; -1 when nothing is.</summary>
    public int Outside { get; } = -1;

    /// <summary>The place of the body; -1 without one.</summary>
    public int Body => _body;

    /// <summary>The header that an argument comes in; null when it comes in the path or the query.</summary>
    public static string? HeaderOf(string? parameter) => parameter switch
    {
        "principal" => "x-amzn-principal",
        "userProperties" => "x-amz-mqtt5-user-properties",
        "payloadFormatIndicator" => "x-amz-mqtt5-payload-format-indicator",
        "correlationData" => "x-amz-mqtt5-correlation-data",
        _ => null,
    };

    /// <summary>What the documents must know of them.</summary>
    public IReadOnlyList<object> Metadata { get; }

    public async ValueTask<object?[]> Read(HttpContext context, Realm? realm)
    {
        var arguments = new object?[_readers.Length];
        for (var i = 0; i < arguments.Length; i++)
            arguments[i] = _readers[i]?.Invoke(context);
        if (_realm >= 0)
            arguments[_realm] = realm;
        if (_body >= 0)
            arguments[_body] = await Http.Body.Read(context.Request, _structure!.Value);
        if (_bytes >= 0)
            arguments[_bytes] = await Http.Body.Bytes(context.Request);
        return arguments;
    }

    private static Func<HttpContext, object?> Reader(ParameterInfo parameter, bool inPath)
    {
        var name = parameter.Name!;
        var type = parameter.ParameterType;
        var header = HeaderOf(name);
        var parse = Parser(Nullable.GetUnderlyingType(type) ?? type);
        return context =>
        {
            var text = inPath ? InPath(context, name) : header is not null ? (string?)context.Request.Headers[header] : InQuery(context, name);
            return text is null ? null : parse(text) ?? throw SerializationErrors.Of(text, name, type);
        };
    }

    /// <summary>An encoded slash is the one character that the server leaves as it came.</summary>
    private static string? InPath(HttpContext context, string name)
    {
        var text = (string?)context.Request.RouteValues[name];
        return text is not null && text.Contains('%') ? text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase) : text;
    }

    private static string? InQuery(HttpContext context, string name) =>
        context.Request.QueryString.HasValue && context.Request.Query[name] is [var first, ..] ? first : null;

    /// <summary>Null is a text that does not fit.</summary>
    private static Func<string, object?> Parser(Type type)
    {
        if (type == typeof(string))
            return text => text;
        if (type == typeof(bool))
            return text => bool.TryParse(text, out var value) ? value : null;
        if (type == typeof(int))
            return text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
        if (type == typeof(long))
            return text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
        if (type == typeof(DateTimeOffset))
            return text => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
        if (type.IsAssignableTo(typeof(IEnumText)))
            return text => Activator.CreateInstance(type, text);
        throw new NotSupportedException($"A parameter of the type {type} cannot be read from a path or query.");
    }

    /// <summary>What a URL to the emulator begins with, for this caller.</summary>
    private static string AddressFor(HttpContext context, EmulatorOptions options) =>
        options.PublicUrl ?? $"{context.Request.Scheme}://{context.Request.Host}{options.BasePath}";

    /// <summary>The emulator as the caller reached it.</summary>
    private static CallersAddress AddressOf(HttpContext context, EmulatorOptions options) =>
        new(context.Request.Host.Host, context.Request.Host.Port ?? context.Connection.LocalPort, options.Endpoint);
}

/// <summary>What ASP.NET's API explorer wants to know of a parameter that it did not bind itself.</summary>
internal sealed class ArgumentMetadata(ParameterInfo parameter) : IParameterBindingMetadata
{
    public string Name => parameter.Name!;

    /// <summary>What has none is the body.</summary>
    public bool HasTryParse => parameter.ParameterType != typeof(ReadOnlyMemory<byte>) && (parameter.ParameterType == typeof(string) || (Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType).IsValueType);

    public bool HasBindAsync => false;

    public ParameterInfo ParameterInfo => parameter;

    public bool IsOptional => !parameter.IsDefined(typeof(RequiredAttribute));
}
