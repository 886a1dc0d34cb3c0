using System.Reflection;
using System.Xml.Linq;
using System.Xml.XPath;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Http.Requests;
using IoTJobsEmulator.Operations;
using IoTJobsEmulator.Wire;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace IoTJobsEmulator.Http.OpenApi;

/// <summary>
/// The OpenAPI documents at <c>/swagger</c>, one for each API. They are made on request, from the routes, shapes and declared errors that the
/// server itself uses.
/// </summary>
internal static class OpenApiDocuments
{
    public const string Page = "/swagger";

    private static readonly (string Name, Api Api, string Title, string Description)[] Documents =
    [
        ("control-plane", Api.Iot, "AWS IoT Jobs: control plane",
            "What operators ask: things, groups, jobs, templates and what belongs to them. The examples work one after the other, from the top; only DeleteThingType wants five minutes to have passed."),
        ("data-plane", Api.IotJobsData, "AWS IoT Jobs: data plane",
            "What devices ask. The examples work one after the other once those of the control plane have made a thing and a job. "
            + "Requests that are not signed for iot-jobs-data carry its name in the path."),
        ("iot-data", Api.IotData, "AWS IoT: messages (iot-data)",
            "What tests and backends say to devices without an MQTT client: publish, and read what is retained. The examples work one after the other."),
        ("emulator", Api.Emulator, "The emulator itself",
            "Health, settings, the clock, a fresh start; what went over MQTT, what is to go wrong, what was asked, what changes, seeds and snapshots. AWS has none of this. "
            + "The examples work one after the other; only DisconnectClient wants a client pump-1 to be connected, and PutState what GetState answered."),
    ];

    /// <summary>Maps the documents and Swagger UI. Nothing of what they need is loaded before they are first asked for: it has services of its own.</summary>
    public static void MapOpenApiDocuments(this IEndpointRouteBuilder app, EmulatorOptions options)
    {
        var branch = new Lazy<RequestDelegate>(() => Branch(app.ServiceProvider, options));
        app.MapGet(Page + "/{**file}", context => branch.Value(context)).ExcludeFromDescription();
    }

    private static RequestDelegate Branch(IServiceProvider outer, EmulatorOptions options)
    {
        var services = Services(outer, options).BuildServiceProvider();
        var files = new ApplicationBuilder(services)
            .UseSwagger(documents => documents.RouteTemplate = Page[1..] + "/{documentName}/swagger.json")
            .UseSwaggerUI(ShowAll);
        files.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        var pipeline = files.Build();
        return async context =>
        {
            var outside = context.RequestServices;
            await using var scope = services.CreateAsyncScope();
            context.RequestServices = scope.ServiceProvider;
            try
            {
                await pipeline(context);
            }
            finally
            {
                context.RequestServices = outside;
            }
        };
    }

    private static IServiceCollection Services(IServiceProvider outer, EmulatorOptions options) => new ServiceCollection()
        .AddSingleton(outer.GetRequiredService<IWebHostEnvironment>())
        .AddSingleton(outer.GetRequiredService<IHostEnvironment>())
        .AddSingleton(outer.GetRequiredService<ILoggerFactory>()).AddLogging()
        .AddRoutingCore()
        .AddSingleton(outer.GetRequiredService<EndpointDataSource>())
        .AddEndpointsApiExplorer()
        .AddSwaggerGen(swagger =>
        {
            foreach (var (name, _, title, description) in Documents)
                swagger.SwaggerDoc(name, new() { Title = title, Description = description, Version = Banner.Version });
            swagger.DocInclusionPredicate((name, api) => Array.Exists(Documents, document => document.Name == name && document.Api == OperationOf(api).Api));
            swagger.CustomOperationIds(api => OperationOf(api).Name);
            swagger.TagActionsBy(api => [OperationOf(api).Tag]);
            swagger.OrderActionsBy(api => OpenApiTags.SortKey(OperationOf(api)));
            swagger.CustomSchemaIds(SchemaId);
            swagger.IncludeXmlComments(() => Comments(typeof(ServiceError).Assembly));
            swagger.IncludeXmlComments(() => Comments(typeof(OpenApiDocuments).Assembly));
            ConstraintFilter.Describe(swagger);
            swagger.OperationFilter<ErrorResponseFilter>();
            swagger.OperationFilter<StreamFilter>();
            swagger.OperationFilter<RequestBodyFilter>(new OpenApiExamples(options));
            swagger.DocumentFilter<ServerFilter>(options.BasePath);
        })
        .AddSingleton<ISerializerDataContractResolver>(new JsonSerializerDataContractResolver(WireJson.Options));

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

    /// <summary>Schemas need names of their own, but every operation has a Request and a Response.</summary>
    private static string SchemaId(Type type) =>
        type.DeclaringType is { } outer && type.Name is "Request" or "Response" ? type.DeclaringType!.Name + type.Name : type.Name;

    /// <summary>
    /// The XML comments of an assembly, without those on types that are a string, a number, a list or a map on the wire. None when their file is not
    /// beside the program: it does not come with the assemblies of a package.
    /// </summary>
    private static XPathDocument Comments(Assembly assembly)
    {
        var file = Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml");
        var comments = File.Exists(file) ? XDocument.Load(file) : new(new XElement("doc", new XElement("members")));
        comments.Descendants("member").Where(member => ConstraintFilter.IsSimple(member.Attribute("name")!.Value)).Remove();
        return new(comments.CreateReader());
    }

    /// <summary>Names the server and the tags. The paths of iot-jobs-data are those of AWS: its prefix is part of the server's URL.</summary>
    private sealed class ServerFilter(string basePath) : IDocumentFilter
    {
        public void Apply(OpenApiDocument document, DocumentFilterContext context)
        {
            document.Tags = context.ApiDescriptions.Select(OperationOf)
                .OrderBy(OpenApiTags.SortKey, StringComparer.Ordinal)
                .Select(operation => operation.Tag).Distinct()
                .Select(tag => new OpenApiTag { Name = tag }).ToHashSet();
            var isData = Array.Exists(Documents, known => known.Name == context.DocumentName && known.Api == Api.IotJobsData);
            document.Servers = [new() { Url = basePath + (isData ? ApiSelector.IotJobsDataPrefix : basePath.Length == 0 ? "/" : "") }];
            if (!isData)
                return;
            var paths = new OpenApiPaths();
            foreach (var (path, item) in document.Paths)
                paths.Add(path[ApiSelector.IotJobsDataPrefix.Length..], item);
            document.Paths = paths;
        }
    }
}
