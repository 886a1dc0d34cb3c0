using System.Net.Mime;
using IoTJobsEmulator.Wire;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace IoTJobsEmulator.Http.OpenApi;

/// <summary>Adds request bodies and examples to the OpenAPI documents. A body is read whatever its Content-Type; clients send JSON.</summary>
internal sealed class RequestBodyFilter(OpenApiExamples examples) : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
            parameter.Example = examples.OfParameter(operation.OperationId!, parameter.Name!, parameter.Required);
        if (context.ApiDescription.ParameterDescriptions.FirstOrDefault(parameter => parameter.Source == BindingSource.Body) is not { } body)
            return;
        var schema = context.SchemaGenerator.GenerateSchema(body.Type, context.SchemaRepository);
        if (body.Type == typeof(Stream))
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Description = "A file.",
                Required = true,
                Content = new Dictionary<string, IOpenApiMediaType> { [MediaTypeNames.Application.Octet] = new OpenApiMediaType { Schema = schema } },
            };
            return;
        }
        var example = examples.OfBody(OpenApiDocuments.OperationOf(context.ApiDescription).Name);
        operation.RequestBody = body.Type == typeof(ReadOnlyMemory<byte>) ? new OpenApiRequestBody
        {
            Description = "Any bytes.",
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                [WireJson.ContentType] = new OpenApiMediaType { Schema = new OpenApiSchema(), Example = example },
                [MediaTypeNames.Application.Octet] = new OpenApiMediaType { Schema = schema },
            },
        } : new OpenApiRequestBody
        {
            Required = context.SchemaRepository.Schemas[((OpenApiSchemaReference)schema).Reference.Id!].Required is { Count: > 0 },
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                [WireJson.ContentType] = new OpenApiMediaType { Schema = schema, Example = example },
            },
        };
    }
}
