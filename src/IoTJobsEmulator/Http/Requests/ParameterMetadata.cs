using System.Reflection;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Shapes;
using Microsoft.AspNetCore.Http.Metadata;

namespace IoTJobsEmulator.Http.Requests;

/// <summary>Describes to ASP.NET's API explorer a parameter that <see cref="ArgumentBinder"/> binds.</summary>
internal sealed class ParameterMetadata(ParameterInfo parameter) : IParameterBindingMetadata
{
    public string Name => parameter.Name!;

    /// <summary>The API explorer takes a parameter without <c>TryParse</c> for the body.</summary>
    public bool HasTryParse => parameter.ParameterType != typeof(ReadOnlyMemory<byte>)
        && (parameter.ParameterType == typeof(string) || parameter.ParameterType.IsAssignableTo(typeof(IEnumText))
            || (Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType).IsValueType);

    public bool HasBindAsync => false;

    public ParameterInfo ParameterInfo => parameter;

    public bool IsOptional => !parameter.IsDefined(typeof(RequiredAttribute));
}
