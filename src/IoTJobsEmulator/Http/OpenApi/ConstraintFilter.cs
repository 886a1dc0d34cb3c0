using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Wire;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace IoTJobsEmulator.Http.OpenApi;

/// <summary>Adds the constraints of the shapes to the OpenAPI documents: the values that their schemas exclude are those that are refused.</summary>
internal sealed class ConstraintFilter : ISchemaFilter, IParameterFilter
{
    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Type[] SimpleTypes = [typeof(EnumText<>), typeof(ValueList<>), typeof(ValueMap), typeof(ArnText), typeof(Moment), typeof(Duration)];

    /// <summary>Whether an XML comment belongs to a type that is a string, a number, a list or a map on the wire.</summary>
    public static bool IsSimple(string commented) => Array.Exists(SimpleTypes, type => commented == $"T:{type.FullName}");

    public static void Describe(SwaggerGenOptions swagger)
    {
        swagger.SchemaFilter<ConstraintFilter>();
        swagger.ParameterFilter<ConstraintFilter>();
        swagger.MapType(typeof(EnumText<>), () => new OpenApiSchema { Type = JsonSchemaType.String });
        swagger.MapType<ValueMap>(() => new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String } });
        swagger.MapType<ArnText>(() => new OpenApiSchema { Type = JsonSchemaType.String });
        swagger.MapType<Moment>(() => new OpenApiSchema { Type = JsonSchemaType.Number, Description = "Seconds since the epoch, with a fraction to milliseconds." });
        swagger.MapType<JsonNode>(() => new OpenApiSchema());
        swagger.MapType<JsonElement>(() => new OpenApiSchema { Type = JsonSchemaType.Object });
        swagger.MapType<ReadOnlyMemory<byte>>(() => new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" });
        swagger.MapType<Stream>(() => new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" });
        swagger.MapType<Duration>(() => new OpenApiSchema { Type = JsonSchemaType.String, Description = $"As {Duration.Forms}." });
    }

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema described)
            return;
        described.AdditionalPropertiesAllowed = true;
        described.Type &= ~JsonSchemaType.Null; // what is unset is left out
        if (EnumIn(context.Type) is { } members)
            described.Enum = members;
        if (context.MemberInfo is PropertyInfo property)
            Describe(described, property);
        else if (described.Properties is { Count: > 0 })
            described.Required = RequiredOf(context.Type);
    }

    public void Apply(IOpenApiParameter parameter, ParameterFilterContext context)
    {
        if (parameter is not OpenApiParameter { Schema: OpenApiSchema schema } described || context.ParameterInfo is not { } declaration)
            return;
        if (declaration.GetCustomAttribute<HeaderAttribute>()?.Name is { } header)
            (described.Name, described.In) = (header, ParameterLocation.Header);
        described.Required |= declaration.IsDefined(typeof(RequiredAttribute));
        if (EnumIn(declaration.ParameterType) is { } members)
            schema.Enum = members;
        Describe(schema, declaration);
    }

    private static void Describe(OpenApiSchema schema, ICustomAttributeProvider declaration)
    {
        if (declaration.GetCustomAttributes(typeof(ShapeAttribute), false) is [ShapeAttribute shape])
            Describe(schema, shape);
    }

    private static void Describe(OpenApiSchema schema, ShapeAttribute shape)
    {
        switch (shape)
        {
            case StringShapeAttribute text:
                (schema.MinLength, schema.MaxLength, schema.Pattern) = (text.Min, text.Max, Whole(text.Pattern));
                break;
            case NumberShapeAttribute number:
                (schema.Minimum, schema.Maximum) = (Text(number.Min), Text(number.Max));
                break;
            case ListShapeAttribute list:
                (schema.MinItems, schema.MaxItems) = (list.Min, list.Max);
                if (list.Element is { } element && schema.Items is OpenApiSchema items)
                    Describe(items, element);
                break;
            case MapShapeAttribute map:
                schema.MaxProperties = map.Max;
                if (schema.AdditionalProperties is OpenApiSchema values)
                    Describe(values, map.Value);
                break;
        }
    }

    /// <summary>A pattern of AWS must match the whole value, a pattern of JSON Schema any part of it.</summary>
    private static string? Whole(string? pattern) =>
        pattern is null || (pattern.StartsWith('^') && pattern.EndsWith('$')) ? pattern : pattern.Contains('|') ? $"^(?:{pattern})$" : $"^{pattern}$";

    private static string? Text(double? bound) => bound?.ToString(CultureInfo.InvariantCulture);

    private static JsonNode[]? EnumIn(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(EnumText<>)
            ? [.. Enum.GetNames(type.GetGenericArguments()[0]).Select(name => (JsonNode)name)]
            : null;
    }

    /// <summary>The required members: of a request those with the attribute, of a response all that cannot be null.</summary>
    private static HashSet<string> RequiredOf(Type type) =>
    [
        .. WireJson.Reflecting(WireJson.Options).GetTypeInfo(type).Properties
            .Where(member => member.AttributeProvider is PropertyInfo property
                && (property.IsDefined(typeof(RequiredAttribute)) || (!IsRequest(type) && !MayBeNull(property))))
            .Select(member => member.Name),
    ];

    private static bool IsRequest(Type type) => type.IsAssignableTo(typeof(IStructure)) || type.Name.EndsWith("Request", StringComparison.Ordinal);

    private static bool MayBeNull(PropertyInfo property)
    {
        lock (Nullability)
            return Nullability.Create(property).ReadState == NullabilityState.Nullable;
    }
}
