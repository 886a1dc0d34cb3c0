using System.Reflection;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace IoTJobsEmulator.Http.OpenApi;

/// <summary>The method answers a stream, too, beside its JSON.</summary>
/// <param name="contentType">The media type of the stream.</param>
/// <param name="example">How it begins.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StreamsAttribute(string contentType, string example) : Attribute
{
    public string ContentType => contentType;

    public string Example => example;
}

/// <summary>Adds the streams that methods answer to the OpenAPI documents.</summary>
internal sealed class StreamFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (OpenApiDocuments.OperationOf(context.ApiDescription).Handle.Method.GetCustomAttribute<StreamsAttribute>() is not { } streams)
            return;
        operation.Responses![StatusCodes.Status200OK.ToString(System.Globalization.CultureInfo.InvariantCulture)].Content![streams.ContentType] =
            new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = streams.Example };
    }
}
