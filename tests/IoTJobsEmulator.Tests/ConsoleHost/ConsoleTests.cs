using System.Net.WebSockets;
using IoTJobsEmulator.ConsoleHost;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.WebConsole;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;

namespace IoTJobsEmulator.Tests.ConsoleHost;

/// <summary>The console as a branch of the pipeline: what it serves, to whom, and that it acts through the emulator's API.</summary>
public sealed class ConsoleTests
{
    private const string Console = "/_emulator/console", Overview = Console + "/123456789012/us-east-1";

    private static readonly (string, string) Browser = ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");

    [Fact]
    public async Task A_browser_finds_a_start_page_that_leads_to_the_console_and_to_Swagger_UI()
    {
        using var emulator = new Emulator();
        var home = await emulator.Send("GET", "/", null, Browser);
        Assert.Equal((200, "text/html; charset=utf-8"), (home.Status, home.Headers["Content-Type"]));
        Assert.Contains("href=\"/_emulator/console\"", home.Body, StringComparison.Ordinal);
        Assert.Contains("href=\"/swagger/index.html\"", home.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*/*")]
    [InlineData("application/json")]
    [InlineData("")]
    public async Task Other_clients_see_at_the_root_what_they_always_saw(string accept)
    {
        using var emulator = new Emulator();
        var home = await emulator.Send("GET", "/", null, ("Accept", accept));
        Assert.Equal((302, "/swagger/index.html"), (home.Status, home.Headers["Location"]));
    }

    [Fact]
    public async Task Its_pages_show_the_state()
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        await emulator.CreateJob("update-firmware", "pump-1");
        var page = await emulator.Send("GET", Overview, null, Browser);
        Assert.Equal(200, page.Status);
        Assert.Contains("update-firmware", page.Body, StringComparison.Ordinal);
        Assert.Contains("<base href=\"/_emulator/console/\"", page.Body, StringComparison.Ordinal);
        Assert.Contains("1 QUEUED", (await emulator.Send("GET", Overview + "/jobs/update-firmware", null, Browser)).Body, StringComparison.Ordinal);
        Assert.Contains("update-firmware", (await emulator.Send("GET", Overview + "/things/pump-1", null, Browser)).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/jobs")]
    [InlineData("/jobs/none")]
    [InlineData("/create-job")]
    [InlineData("/things")]
    [InlineData("/things/none")]
    [InlineData("/clock")]
    [InlineData("/requests")]
    [InlineData("/messages")]
    [InlineData("/events")]
    [InlineData("/faults")]
    [InlineData("/simulators")]
    [InlineData("/snapshots")]
    [InlineData("/seeds")]
    public async Task Every_page_of_an_account_without_anything_is_shown(string page)
    {
        using var emulator = new Emulator();
        var answer = await emulator.Send("GET", $"{Console}/111122223333/eu-west-1{page}", null, Browser);
        Assert.Equal(200, answer.Status);
        Assert.Contains("<h1", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_address_without_a_slash_leads_to_the_one_with_it()
    {
        using var emulator = new Emulator();
        var answer = await emulator.Send("GET", Console, null, Browser);
        Assert.Equal((302, Console + "/"), (answer.Status, answer.Headers["Location"]));
        var first = await emulator.Send("GET", Console + "/", null, Browser);
        Assert.Equal((302, "http://localhost:8080" + Overview), (first.Status, first.Headers["Location"]));
    }

    [Fact]
    public async Task Scripts_and_styles_come_from_the_emulator()
    {
        using var emulator = new Emulator();
        var page = await emulator.Send("GET", Overview, null, Browser);
        var assets = System.Text.RegularExpressions.Regex.Matches(page.Body, "(?:src|href)=\"((?:_content|_framework)/[^\"]+)\"").Select(found => found.Groups[1].Value).ToList();
        Assert.Equal(4, assets.Count);
        foreach (var asset in assets)
            Assert.Equal(200, (await emulator.Send("GET", $"{Console}/{asset}")).Status);
    }

    [Fact]
    public async Task It_sets_no_cookie_and_lets_nothing_be_loaded_from_elsewhere()
    {
        using var emulator = new Emulator();
        var page = await emulator.Send("GET", Overview, null, Browser);
        Assert.DoesNotContain("Set-Cookie", page.Headers.Keys);
        Assert.StartsWith("default-src 'self'; ", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotMatch("(?:src|href)=\"(?:https?:)?//", page.Body);
    }

    [Fact]
    public async Task Off_it_is_not_there_and_the_root_leads_to_Swagger_UI()
    {
        using var emulator = new Emulator(("console", "off"));
        var answer = await emulator.Send("GET", Console, null, Browser);
        Assert.Equal((404, "UnknownOperationException"), (answer.Status, answer.ErrorType));
        Assert.Equal(302, (await emulator.Send("GET", "/", null, Browser)).Status);
    }

    [Fact]
    public async Task With_a_base_path_its_addresses_have_it_where_the_caller_used_it()
    {
        using var emulator = new Emulator(("base-path", "/aws"));
        Assert.Contains("href=\"/aws/_emulator/console\"", (await emulator.Send("GET", "/aws/", null, Browser)).Body, StringComparison.Ordinal);
        Assert.Equal(200, (await emulator.Send("GET", "/aws" + Overview, null, Browser)).Status);
    }

    [Theory]
    [InlineData("GET", "/", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe")]
    [InlineData("GET", "/123456789012/us-east-1/jobs", "Origin: http://evil.example")]
    [InlineData("POST", "/_blazor/negotiate?negotiateVersion=1", "Origin: http://evil.example")]
    [InlineData("POST", "/_blazor/negotiate?negotiateVersion=1", "Origin: http://localhost:3000", "Sec-Fetch-Site: same-site")]
    [InlineData("GET", "/_blazor?id=x", "Origin: http://evil.example")]
    [InlineData("GET", "/", "Host: evil.example")]
    [InlineData("POST", "/_blazor/negotiate?negotiateVersion=1", "Host: evil.example")]
    public async Task No_page_of_another_origin_or_host_opens_it_or_its_circuit(string method, string path, params string[] headers)
    {
        using var emulator = new Emulator();
        var refused = await emulator.Send(method, Console + path, null, Array.ConvertAll(headers, header => header.Split(": ") is [var name, var value] ? (name, value) : default));
        Assert.Equal((403, "AccessDeniedException"), (refused.Status, refused.ErrorType));
    }

    [Fact]
    public async Task A_page_of_its_own_opens_a_circuit()
    {
        using var emulator = new Emulator();
        using var circuit = await OpenCircuit(emulator);
        Assert.Equal(WebSocketState.Open, circuit.State);
    }

    [Theory]
    [InlineData("POST", "/_blazor/negotiate?negotiateVersion=1")]
    [InlineData("GET", "/_blazor?id=x")]
    [InlineData("POST", "/_blazor?id=x")]
    public async Task Circuits_have_no_other_way_than_a_WebSocket(string method, string path)
    {
        using var emulator = new Emulator();
        Assert.Equal(400, (await emulator.Send(method, Console + path, null, ("Origin", "http://localhost:8080"))).Status);
    }

    [Fact]
    public async Task A_circuit_of_a_foreign_origin_is_refused_over_a_WebSocket()
    {
        using var emulator = new Emulator();
        var client = emulator.Server.CreateWebSocketClient();
        client.ConfigureRequest = request => request.Headers.Origin = "http://evil.example";
        var opening = client.ConnectAsync(new("ws://localhost:8080" + Console + "/_blazor"), TestContext.Current.CancellationToken);
        Assert.Contains("403", (await Assert.ThrowsAsync<InvalidOperationException>(() => opening)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_emulators_own_services_have_nothing_of_it()
    {
        using var emulator = new Emulator();
        Assert.Equal(200, (await emulator.Send("GET", Overview, null, Browser)).Status);
        Assert.Null(emulator.Services.GetService<AntiforgeryStateProvider>());
        Assert.Null(emulator.Services.GetService<Microsoft.AspNetCore.DataProtection.IDataProtectionProvider>());
    }

    [Fact]
    public async Task What_it_does_goes_through_the_API_and_into_the_journal()
    {
        using var emulator = new Emulator();
        var api = emulator.Services.GetRequiredService<InProcessApi>();
        var tenant = new Tenant("111122223333", "eu-west-1");
        var created = await api.Send(new("POST", "/things/pump-1") { Tenant = tenant, Body = "{}" }, TestContext.Current.CancellationToken);
        Assert.Equal((200, null), (created.Status, created.ErrorType));
        Assert.Contains("arn:aws:iot:eu-west-1:111122223333:thing/pump-1", created.Body, StringComparison.Ordinal);

        var refused = await api.Send(new("PUT", "/things/pump-1/jobs/$next") { Tenant = tenant, Service = ApiService.IotJobsData, Body = "{\"stepTimeoutInMinutes\":0}" }, TestContext.Current.CancellationToken);
        Assert.Equal((400, "InvalidRequestException", "Provide valid timeout value, stepTimeoutInMinutes cannot be 0."), (refused.Status, refused.ErrorType, refused.Message));

        var journal = (await emulator.Send("GET", "/_emulator/requests?account=111122223333")).Json["requests"]!.AsArray();
        Assert.Equal(["CreateThing", "StartNextPendingJobExecution"], journal.Select(request => (string?)request!["operation"]));
    }

    [Fact]
    public async Task An_answer_that_a_fault_loses_is_told_as_lost()
    {
        using var emulator = new Emulator();
        await emulator.Send("POST", "/_emulator/faults", """{"operation": "CreateThing", "drop": "after"}""");
        var api = emulator.Services.GetRequiredService<InProcessApi>();
        var answer = await api.Send(new("POST", "/things/pump-1") { Tenant = new("123456789012", "us-east-1") }, TestContext.Current.CancellationToken);
        Assert.Same(ApiAnswer.Lost, answer);
        Assert.Equal(200, (await emulator.Send("GET", "/things/pump-1")).Status);
    }

    [Fact]
    public async Task A_request_whose_caller_goes_ends()
    {
        using var emulator = new Emulator();
        using var gone = new CancellationTokenSource();
        var waiting = emulator.Services.GetRequiredService<InProcessApi>().Send(ApiRequest.Get("/_emulator/messages?wait=300"), gone.Token);
        Assert.False(waiting.IsCompleted);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_reset_and_a_restore_are_changes_and_only_one_of_them_is_a_reset()
    {
        using var emulator = new Emulator();
        var access = ActivatorUtilities.CreateInstance<EmulatorAccess>(emulator.Services);
        await emulator.Send("PUT", "/_emulator/clock", """{"frozen": true}""");
        await emulator.Send("PUT", "/_emulator/snapshots/nothing");
        await emulator.CreateThing("pump-1");
        await emulator.Turns.WhenIdle();
        var created = access.Changes;
        await emulator.Send("POST", "/_emulator/snapshots/nothing/restore");
        await emulator.Turns.WhenIdle();
        var restored = access.Changes;
        Assert.True(restored > created);
        Assert.Equal(0, access.Resets);
        await emulator.Send("POST", "/_emulator/reset");
        await emulator.Turns.WhenIdle();
        Assert.True(access.Changes > restored);
        Assert.Equal(1, access.Resets);
    }

    [Fact]
    public async Task Changes_of_the_world_and_of_the_clock_are_counted()
    {
        using var emulator = new Emulator();
        var access = ActivatorUtilities.CreateInstance<EmulatorAccess>(emulator.Services);
        var before = access.Changes;
        Assert.Equal(before, access.Changes);
        await emulator.CreateThing("pump-1");
        await emulator.Turns.WhenIdle();
        var created = access.Changes;
        Assert.True(created > before);
        await emulator.Send("PUT", "/_emulator/clock", """{"frozen": true}""");
        Assert.True(access.Changes > created);
    }

    private static Task<WebSocket> OpenCircuit(Emulator emulator)
    {
        var client = emulator.Server.CreateWebSocketClient();
        client.ConfigureRequest = request => (request.Headers.Origin, request.Headers["Sec-Fetch-Site"]) = ("http://localhost:8080", "same-origin");
        return client.ConnectAsync(new("ws://localhost:8080" + Console + "/_blazor"), TestContext.Current.CancellationToken);
    }
}
