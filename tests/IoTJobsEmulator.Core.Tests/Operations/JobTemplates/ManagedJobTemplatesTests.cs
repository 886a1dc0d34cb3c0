using System.Text.Json;
using IoTJobsEmulator.Core.Operations.JobTemplates;

namespace IoTJobsEmulator.Core.Tests.Operations.JobTemplates;

public sealed class ManagedJobTemplatesTests
{
    /// <summary>Name, then required and optional parameters. Source: the developer guide's table of each template.</summary>
    private const string Documented = """
        AWS-Download-File: downloadUrl filePath | runAsUser pathToHandler
        AWS-Install-Application: packages | runAsUser pathToHandler
        AWS-Reboot:  | runAsUser pathToHandler
        AWS-Remove-Application: packages | runAsUser pathToHandler
        AWS-Restart-Application: services | runAsUser pathToHandler
        AWS-Run-Command: command | runAsUser
        AWS-Start-Application: services | runAsUser pathToHandler
        AWS-Stop-Application: services | runAsUser pathToHandler
        """;

    private readonly TestRealm _test = new();

    [Fact]
    public void The_documented_templates_are_there_with_their_parameters() => Assert.Equal(
        Documented.Split('\n'),
        ManagedTemplates.All.Select(template =>
        {
            var parameters = DescribeManagedJobTemplate.Handle(_test, template.TemplateName, null).DocumentParameters.ToLookup(parameter => parameter.Optional, parameter => parameter.Key);
            return $"{template.TemplateName}: {string.Join(' ', parameters[false])} | {string.Join(' ', parameters[true])}";
        }));

    [Fact]
    public void Each_document_has_all_of_its_parameters_and_no_other() => Assert.All(ManagedTemplates.All, template =>
    {
        foreach (var parameter in template.DocumentParameters)
            Assert.Contains($"\"${{aws:iot:parameter:{parameter.Key}}}\"", template.DocumentText);
        Assert.Equal(template.DocumentParameters.Count, template.DocumentText.Split("${aws:iot:parameter:").Length - 1);
        var action = JsonDocument.Parse(template.DocumentText).RootElement.GetProperty("steps")[0].GetProperty("action");
        Assert.Equal(template.TemplateName, "AWS-" + action.GetProperty("name").GetString());
        Assert.All(template.DocumentParameters, parameter => Assert.Matches($"^(?:{parameter.Regex})$", parameter.Example));
    });

    /// <summary>The guide's example, word for word.</summary>
    [Fact]
    public void A_template_reads_as_in_the_guide()
    {
        var answer = DescribeManagedJobTemplate.Handle(_test, "AWS-Download-File", null);

        Assert.Equal(
            """{"version":"1.0","steps":[{"action":{"name":"Download-File","type":"runHandler","input":{"handler":"download-file.sh","args":["${aws:iot:parameter:downloadUrl}","${aws:iot:parameter:filePath}"],"path":"${aws:iot:parameter:pathToHandler}"},"runAsUser":"${aws:iot:parameter:runAsUser}"}}]}""",
            answer.Document);
        Assert.Equal(
            ("AWS-Download-File", "arn:aws:iot:us-east-1::jobtemplate/AWS-Download-File:1.0", "A managed job template for downloading a file.", "1.0", "LINUX"),
            (answer.TemplateName, answer.TemplateArn, answer.Description, answer.TemplateVersion, Assert.Single(answer.Environments)));
        Assert.Equal(
            new(
                "pathToHandler",
                "Path to handler on the device. If not specified, then device client will use the current working directory.",
                "(.){0,4096}",
                "/path/to/handler/script",
                Optional: true),
            answer.DocumentParameters[^1]);
    }

    [Fact]
    public void A_template_has_one_version()
    {
        Assert.Equal(DescribeManagedJobTemplate.Handle(_test, "AWS-Reboot", null), DescribeManagedJobTemplate.Handle(_test, "AWS-Reboot", "1.0"));
        _test.AssertRefused(ServiceError.ResourceNotFound, "Job Template ID cannot be found.", () => DescribeManagedJobTemplate.Handle(_test, "AWS-Reboot", "2.0"));
        _test.AssertRefused(ServiceError.ResourceNotFound, "Job Template ID cannot be found.", () => DescribeManagedJobTemplate.Handle(_test, "AWS-Explode", null));
    }

    [Fact]
    public void Templates_are_listed_by_name_page_by_page()
    {
        Assert.Equal(
            ["AWS-Download-File AWS-Install-Application AWS-Reboot", "AWS-Remove-Application AWS-Restart-Application AWS-Run-Command", "AWS-Start-Application AWS-Stop-Application"],
            Pages(token => Page(null, 3, token)));
        Assert.Equal(["AWS-Reboot"], Pages(token => Page("AWS-Reboot", null, token)));
        Assert.Equal([""], Pages(token => Page("AWS-Explode", null, token)));
        Assert.Equal(
            new("arn:aws:iot:us-east-1::jobtemplate/AWS-Reboot:1.0", "AWS-Reboot", "A managed job template for rebooting the device.", ["LINUX"], "1.0"),
            ListManagedJobTemplates.Handle(_test, "AWS-Reboot", null, null).ManagedJobTemplates[0]);
    }

    private (IEnumerable<string>, string?) Page(string? name, int? maxResults, string? token)
    {
        var page = ListManagedJobTemplates.Handle(_test, name, maxResults, token);
        return (page.ManagedJobTemplates.Select(template => template.TemplateName), page.NextToken);
    }
}
