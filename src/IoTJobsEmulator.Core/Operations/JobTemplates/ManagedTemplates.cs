using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Shapes;

namespace IoTJobsEmulator.Core.Operations.JobTemplates;

/// <summary>
/// The job templates that AWS provides, as far as they are documented: one file each in the folder Managed, by name.
/// Source: the developer guide, "Create custom job templates from AWS managed templates"; descriptions in our own words where it
/// does not show them.
/// </summary>
public static class ManagedTemplates
{
    private const string Folder = "ManagedJobTemplates/";

    /// <summary>In the order of their names.</summary>
    public static IReadOnlyList<ManagedTemplate> All { get; } = [.. Read().OrderBy(template => template.TemplateName, StringComparer.Ordinal)];

    private static IEnumerable<ManagedTemplate> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var file = assembly.GetManifestResourceStream(name)!;
            yield return JsonSerializer.Deserialize<ManagedTemplate>(file, JsonSerializerOptions.Web)!;
        }
    }
}

/// <summary>A job template that AWS provides.</summary>
public sealed record ManagedTemplate(
    string TemplateName,
    string TemplateVersion,
    string Description,
    ValueList<string> Environments,
    ValueList<DocumentParameter> DocumentParameters,
    JsonElement Document)
{
    private const string Parameter = "aws:iot:parameter:";

    // Quotation marks and such stand in the document as they are: a placeholder has none, and devices read plain JSON.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document with its placeholders.</summary>
    public string DocumentText { get; } = JsonSerializer.Serialize(Document, Plain);

    /// <summary>
    /// The document with values in place of its parameters. What AWS does with an optional parameter that is not given is not
    /// published; here it becomes an empty text, which the device client takes for none.
    /// </summary>
    public string DocumentWith(ValueMap values)
    {
        Check(values);
        var filledIn = new StringBuilder();
        var copied = 0;
        foreach (var placeholder in Placeholder.FindAll(DocumentText))
        {
            if (!placeholder.Content.StartsWith(Parameter, StringComparison.Ordinal))
                continue;
            filledIn.Append(DocumentText, copied, placeholder.Start - copied);
            if (values.TryGetValue(placeholder.Content[Parameter.Length..], out var value))
                filledIn.Append(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value));
            copied = placeholder.End;
        }
        return filledIn.Append(DocumentText, copied, DocumentText.Length - copied).ToString();
    }

    // How the service words these is not public.
    private void Check(ValueMap values)
    {
        foreach (var key in values.Keys)
        {
            if (DocumentParameters.All(parameter => parameter.Key != key))
                throw ServiceError.InvalidRequest.Because($"Document parameter {key} is not defined in job template {TemplateName}.");
        }
        foreach (var parameter in DocumentParameters)
        {
            if (!values.TryGetValue(parameter.Key, out var value))
            {
                if (!parameter.Optional)
                    throw ServiceError.InvalidRequest.Because($"Document parameter {parameter.Key} is required by job template {TemplateName}.");
            }
            else if (!JavaPattern.Of(parameter.Regex).Matches(value))
            {
                throw ServiceError.InvalidRequest.Because($"The value of document parameter {parameter.Key} must satisfy regular expression pattern: {parameter.Regex}");
            }
        }
    }
}

/// <summary>Something in a managed template's document that a job fills in. Source: API_DocumentParameter.</summary>
public sealed record DocumentParameter(string Key, string Description, string Regex, string Example, bool Optional);
