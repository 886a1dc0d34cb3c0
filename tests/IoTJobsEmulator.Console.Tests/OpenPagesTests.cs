using System.Text;
using IoTJobsEmulator.WebConsole.Hosting;
using Microsoft.AspNetCore.Http;

namespace IoTJobsEmulator.WebConsole.Tests;

/// <summary>How many pages can be open at once, and what the next one finds.</summary>
public sealed class OpenPagesTests
{
    private readonly OpenPages _pages = new();

    [Fact]
    public async Task Of_pages_only_so_many_are_open_and_the_next_one_says_so()
    {
        var close = new TaskCompletionSource();
        var open = Enumerable.Range(0, OpenPages.Limit).Select(_ => _pages.Admit(Circuit(), _ => close.Task)).ToList();
        Assert.All(open, circuit => Assert.False(circuit.IsCompleted));

        Assert.Equal((503, 0), await Asked(Circuit()));
        var page = Request("GET", "/123456789012/us-east-1/jobs");
        Assert.Equal((503, 0), await Asked(page));
        Assert.Equal("text/html; charset=utf-8", page.Response.ContentType);
        Assert.Contains($"{OpenPages.Limit} pages of the console are open", TextOf(page), StringComparison.Ordinal);
        Assert.Contains("href=\"/aws/_emulator/console/_content/IoTJobsEmulator.Console/console.css\"", TextOf(page), StringComparison.Ordinal);
        Assert.Equal((200, 1), await Asked(Request("GET", "/_content/IoTJobsEmulator.Console/console.css")));
        Assert.Equal((200, 1), await Asked(Request("GET", "/_framework/blazor.web.js")));
        Assert.Equal((200, 1), await Asked(Request("POST", "/_blazor/disconnect")));

        close.SetResult();
        await Task.WhenAll(open);
        Assert.Equal((200, 1), await Asked(Circuit()));
        Assert.Equal((200, 1), await Asked(Request("GET", "/123456789012/us-east-1/jobs")));
    }

    [Fact]
    public async Task A_circuit_that_fails_gives_its_place_back()
    {
        for (var circuit = 0; circuit <= OpenPages.Limit; circuit++)
            await Assert.ThrowsAsync<IOException>(() => _pages.Admit(Circuit(), _ => throw new IOException()));
        Assert.Equal((200, 1), await Asked(Circuit()));
    }

    [Theory]
    [InlineData("GET", "/_blazor")]
    [InlineData("POST", "/_blazor")]
    [InlineData("DELETE", "/_blazor")]
    [InlineData("POST", "/_blazor/negotiate")]
    [InlineData("POST", "/_Blazor/")]
    [InlineData("POST", "/_blazor/Negotiate/")]
    public async Task A_circuit_has_no_other_way_than_a_WebSocket(string method, string path) =>
        Assert.Equal((400, 0), await Asked(Request(method, path)));

    /// <summary>The status, and how often what comes after was asked.</summary>
    private async Task<(int Status, int Served)> Asked(HttpContext context)
    {
        var served = 0;
        await _pages.Admit(context, _ =>
        {
            served++;
            return Task.CompletedTask;
        });
        return (context.Response.StatusCode, served);
    }

    private static DefaultHttpContext Circuit()
    {
        var context = Request("GET", "/_blazor");
        context.Request.Headers.Upgrade = "websocket";
        return context;
    }

    private static DefaultHttpContext Request(string method, string path)
    {
        var context = new DefaultHttpContext();
        (context.Request.Method, context.Request.PathBase, context.Request.Path) = (method, "/aws/_emulator/console", path);
        context.Response.Body = new MemoryStream();
        return context;
    }

    private static string TextOf(HttpContext context) => Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());
}
