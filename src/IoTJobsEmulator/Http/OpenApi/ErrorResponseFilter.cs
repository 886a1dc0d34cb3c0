using System.Globalization;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Wire;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace IoTJobsEmulator.Http.OpenApi;

/// <summary>Adds the errors that an operation declares to its OpenAPI document: the status, the name and the members of each.</summary>
internal sealed class ErrorResponseFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var declaring = OpenApiDocuments.OperationOf(context.ApiDescription);
        operation.Responses ??= [];
        foreach (var errors in declaring.Errors.GroupBy(declaring.StatusOf).OrderBy(errors => errors.Key))
        {
            string[] names = [.. errors.Select(declaring.NameOf).Distinct()];
            IOpenApiSchema[] schemas = [.. names.Select(name => SchemaOf(name, context.SchemaRepository))];
            operation.Responses[errors.Key.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = string.Join(", ", names),
                Headers = new Dictionary<string, IOpenApiHeader>
                {
                    ["x-amzn-ErrorType"] = new OpenApiHeader { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. names] } },
                },
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    [WireJson.ContentType] = new OpenApiMediaType { Schema = schemas is [var only] ? only : new OpenApiSchema { AnyOf = schemas } },
                },
            };
        }
    }

    private static OpenApiSchemaReference SchemaOf(string name, SchemaRepository schemas)
    {
        if (schemas.Schemas.ContainsKey(name))
            return new(name);
        string[] members = name == ServiceError.ResourceAlreadyExists.Name ? ["message", "resourceId", "resourceArn"]
            : name == ServiceError.Conflict.Name ? ["message", "resourceId"]
            : ["message"];
        return schemas.AddDefinition(name, new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "message" },
            Properties = members.ToDictionary(member => member, IOpenApiSchema (_) => new OpenApiSchema { Type = JsonSchemaType.String }),
        });
    }
}
