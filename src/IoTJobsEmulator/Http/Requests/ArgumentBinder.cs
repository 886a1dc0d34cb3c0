using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Operations.Endpoint;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Documents;
using IoTJobsEmulator.Operations;
using IoTJobsEmulator.Operations.Requests;
using IoTJobsEmulator.Wire;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;

namespace IoTJobsEmulator.Http.Requests;

/// <summary>
/// Binds a request to the parameters of an operation's method: a parameter with a <see cref="HeaderAttribute"/> to that header, a
/// structure, bytes or a stream to the body, any other to the part of the path or of the query with its name. The realm, the signer's account and region, the emulator's address, the
/// signer of URLs and services come from the emulator. The binding of ASP.NET would describe what does not fit in other words than AWS.
/// </summary>
internal sealed class ArgumentBinder
{
    private readonly Func<HttpContext, object?>?[] _readers;
    private readonly int? _realm;
    private readonly int? _structure;
    private readonly int? _bytes;
    private readonly Lazy<JsonTypeInfo>? _structureType;

    public ArgumentBinder(MethodInfo handle, string pattern, IServiceProvider services, DocumentStore? documents)
    {
        var options = services.GetRequiredService<EmulatorOptions>();
        var endpoints = services.GetRequiredService<KestrelEndpoints>();
        var known = services.GetRequiredService<IServiceProviderIsService>();
        var path = RoutePatternFactory.Parse(pattern);
        var parameters = handle.GetParameters();
        _readers = new Func<HttpContext, object?>?[parameters.Length];
        foreach (var parameter in parameters)
        {
            var (type, place) = (parameter.ParameterType, parameter.Position);
            if (type == typeof(Realm))
                _realm = place;
            else if (type == typeof(Tenant?))
                _readers[place] = context => SignerOf(context);
            else if (type == typeof(CallersAddress))
                _readers[place] = context => AddressOf(context, options, endpoints);
            else if (type == typeof(UrlSigner))
                _readers[place] = context => documents?.Signer(UrlOf(context, options, endpoints)) ?? new AwsUrlSigner(options.Region);
            else if (type == typeof(FetchedDocument))
                _readers[place] = null; // set by the endpoint
            else if (type == typeof(CancellationToken))
                _readers[place] = context => context.RequestAborted;
            else if (known.IsService(type))
                _readers[place] = context => context.RequestServices.GetRequiredService(type);
            else if (type == typeof(ReadOnlyMemory<byte>))
                _bytes = place;
            else if (type == typeof(Stream))
                _readers[place] = BodyOf;
            else if (type.IsAssignableTo(typeof(IStructure)))
                (_structure, _structureType) = (place, new(() => WireJson.OptionsOf(type).GetTypeInfo(type)));
            else
                _readers[place] = Reader(parameter, isInPath: path.GetParameter(parameter.Name!) is not null);
        }
        Metadata =
        [
            .. parameters
                .Where(parameter => !parameter.IsFromTheEmulator(known))
                .Select(parameter => new ParameterMetadata(parameter)),
        ];
    }

    /// <summary>What ASP.NET's API explorer needs to know of the parameters.</summary>
    public IReadOnlyList<object> Metadata { get; }

    /// <summary>The arguments, one for each parameter. Those that are not given are null.</summary>
    /// <param name="context">The request.</param>
    /// <param name="realm">The realm of the operation; null for one that has none.</param>
    /// <param name="asked">The request as the journal keeps it; null for one that it does not keep.</param>
    /// <exception cref="ServiceException">InvalidRequest: a value does not fit its type, or the body is not JSON.</exception>
    public async ValueTask<object?[]> Read(HttpContext context, Realm? realm, OperationRequest? asked = null)
    {
        var arguments = new object?[_readers.Length];
        for (var i = 0; i < arguments.Length; i++)
            arguments[i] = _readers[i]?.Invoke(context);
        if (_realm is { } ofRealm)
            arguments[ofRealm] = realm;
        if (_structure is { } ofStructure)
            arguments[ofStructure] = await RequestBody.Read(context.Request, _structureType!.Value, asked);
        if (_bytes is { } ofBytes)
            arguments[ofBytes] = await RequestBody.ReadBytes(context.Request);
        return arguments;
    }

    private static Func<HttpContext, object?> Reader(ParameterInfo parameter, bool isInPath)
    {
        var (name, type) = (parameter.Name!, parameter.ParameterType);
        var header = parameter.GetCustomAttribute<HeaderAttribute>()?.Name;
        var parse = Parameters.Parser(type);
        return context =>
        {
            var text = isInPath ? InPath(context, name) : header is not null ? (string?)context.Request.Headers[header] : InQuery(context, name);
            return text is null ? null : parse(text) ?? throw SerializationErrors.ForValue(text, name, type);
        };
    }

    /// <summary>The server decodes the path, but for encoded slashes.</summary>
    private static string? InPath(HttpContext context, string name)
    {
        var text = (string?)context.Request.RouteValues[name];
        return text is not null && text.Contains('%') ? text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase) : text;
    }

    private static string? InQuery(HttpContext context, string name) =>
        context.Request.QueryString.HasValue && context.Request.Query[name] is [var first, ..] ? first : null;

    /// <summary>The body as it comes. The limit of other requests is lower; whoever reads this one has a limit of its own.</summary>
    private static Stream BodyOf(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        return context.Request.Body;
    }

    /// <summary>The account and region of a signed request; null for one that is not signed.</summary>
    private static Tenant? SignerOf(HttpContext context) =>
        CredentialScope.TryRead(context.Request, out _) && AwsRequestContext.Of(context) is var request ? new(request.Account, request.Region) : null;

    /// <summary>The beginning of URLs to the emulator for this caller: with HTTPS when it is served, because agents of devices take no other.</summary>
    private static string UrlOf(HttpContext context, EmulatorOptions options, KestrelEndpoints endpoints) =>
        options.PublicUrl
        ?? (OtherHttpsPort(context, endpoints) is { } port
            ? string.Create(CultureInfo.InvariantCulture, $"https://{context.Request.Host.Host}:{port}{options.BasePath}")
            : $"{context.Request.Scheme}://{context.Request.Host}{options.BasePath}");

    /// <summary>The emulator as the caller reached it, with the port of HTTPS when it is served.</summary>
    private static CallersAddress AddressOf(HttpContext context, EmulatorOptions options, KestrelEndpoints endpoints) =>
        new(context.Request.Host.Host, OtherHttpsPort(context, endpoints) ?? context.Request.Host.Port ?? context.Connection.LocalPort, options.Endpoint);

    /// <summary>The port of HTTPS for a caller that did not use it. The port that another names is kept: it may be forwarded.</summary>
    private static int? OtherHttpsPort(HttpContext context, KestrelEndpoints endpoints) => context.Request.IsHttps ? null : endpoints.HttpsPort;
}
