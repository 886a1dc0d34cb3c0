using System.Reflection;
using System.Xml.Linq;
using System.Xml.XPath;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Wire;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace IoTJobsEmulator.Http;

/// <summary>
/// The documents at <c>/swagger</c>: one for the control plane, one for the data plane, one for messages, one for the emulator's own endpoints. Made
/// when somebody asks, from what the server itself obeys: routes, shapes, declared errors.
/// </summary>
internal static class OpenApi
{
    public const string Page = "/swagger";

    private static readonly (string Name, Plane Plane, string Title, string Description)[] Documents =
    [
        ("control-plane", Plane.Control, "AWS IoT Jobs: control plane",
            "What operators ask: things, groups, jobs, templates and what belongs to them. The examples work one after the other, from the top; only DeleteThingType wants five minutes to have passed."),
        ("data-plane", Plane.Data, "AWS IoT Jobs: data plane",
            "What devices ask. The examples work one after the other once those of the control plane have made a thing and a job. "
            + "Requests that are not signed for iot-jobs-data carry its name in the path."),
        ("iot-data", Plane.Messages, "AWS IoT: messages (iot-data)",
            "What tests and backends say to devices without an MQTT client: publish, and read what is retained. The examples work one after the other."),
        ("emulator", Plane.Emulator, "The emulator itself",
            "Health, settings, the clock, a fresh start; what went over MQTT, and what is to go wrong there. AWS has none of this. "
            + "The examples work one after the other; only DisconnectClient wants a client pump-1 to be connected."),
    ];

    public static IServiceCollection AddOpenApiDocuments(this IServiceCollection services, EmulatorOptions options) => services
        .AddEndpointsApiExplorer()
        .AddSwaggerGen(swagger =>
        {
            foreach (var (name, _, title, description) in Documents)
                swagger.SwaggerDoc(name, new() { Title = title, Description = description, Version = Banner.Version });
            swagger.DocInclusionPredicate((name, api) => Array.Exists(Documents, document => document.Name == name && document.Plane == OperationOf(api).Plane));
            swagger.CustomOperationIds(api => OperationOf(api).Name);
            swagger.TagActionsBy(api => [OperationOf(api).Tag]);
            swagger.OrderActionsBy(_ => ""); // as Routes.cs has them
            swagger.CustomSchemaIds(SchemaId);
            swagger.IncludeXmlComments(() => Comments(typeof(ServiceError).Assembly));
            swagger.IncludeXmlComments(() => Comments(typeof(OpenApi).Assembly));
            ShapesInDocuments.Describe(swagger);
            swagger.OperationFilter<ErrorsInDocuments>();
            swagger.OperationFilter<BodiesInDocuments>(new Examples(options));
            swagger.DocumentFilter<ServersInDocuments>(options.BasePath);
        })
        .AddSingleton<ISerializerDataContractResolver>(new JsonSerializerDataContractResolver(WireJson.Options));

    public static void MapOpenApiDocuments(this WebApplication app)
    {
        // The page comes from files inside a package, and all of it takes time to set up: not before somebody asks.
        var page = new Lazy<RequestDelegate>(() => ((IApplicationBuilder)app).New()
            .UseSwagger(documents => documents.RouteTemplate = Page[1..] + "/{documentName}/swagger.json")
            .UseSwaggerUI(ShowAll)
            .Build());
        app.MapGet(Page + "/{**file}", context => page.Value(context)).ExcludeFromDescription();
        app.MapGet("/", context =>
        {
            context.Response.Redirect(context.Request.PathBase + Page + "/index.html");
            return Task.CompletedTask;
        }).ExcludeFromDescription();
    }

    internal static Operation OperationOf(ApiDescription api) => api.ActionDescriptor.EndpointMetadata.OfType<Operation>().Single();

    private static void ShowAll(SwaggerUIOptions page)
    {
        page.RoutePrefix = Page[1..];
        page.DocumentTitle = "IoT Jobs emulator";
        page.EnableTryItOutByDefault();
        page.DisplayOperationId();
        page.DisplayRequestDuration();
        foreach (var (name, _, title, _) in Documents)
            page.SwaggerEndpoint($"{name}/swagger.json", title);
    }

    /// <summary>Every operation has a Request and a Response.</summary>
    private static string SchemaId(Type type) =>
        type.DeclaringType is { } outer && type.Name is "Request" or "Response" ? type.DeclaringType!.Name + type.Name : type.Name;

    /// <summary>Comments on types that stand for something simple on the wire are for who reads the code.</summary>
    private static XPathDocument Comments(Assembly assembly)
    {
        var comments = XDocument.Load(Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml"));
        comments.Descendants("member").Where(member => ShapesInDocuments.IsSimple(member.Attribute("name")!.Value)).Remove();
        return new(comments.CreateReader());
    }

    /// <summary>The data plane's document names its paths as AWS does; the prefix is its server's.</summary>
    private sealed class ServersInDocuments(string basePath) : IDocumentFilter
    {
        public void Apply(OpenApiDocument document, DocumentFilterContext context)
        {
            document.Tags = context.ApiDescriptions.Select(api => OperationOf(api).Tag).Distinct().Select(tag => new OpenApiTag { Name = tag }).ToHashSet();
            var isData = Array.Exists(Documents, known => known.Name == context.DocumentName && known.Plane == Plane.Data);
            document.Servers = [new() { Url = basePath + (isData ? Planes.Prefix : basePath.Length == 0 ? "/" : "") }];
            if (!isData)
                return;
            var paths = new OpenApiPaths();
            foreach (var (path, item) in document.Paths)
                paths.Add(path[Planes.Prefix.Length..], item);
            document.Paths = paths;
        }
    }
}
