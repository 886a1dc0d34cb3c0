using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace IoTJobsEmulator.Benchmarks.Limits;

/// <summary>
/// A bare Kestrel with routing, in a process of its own: it reads a request, writes the rows it is told to, if any, and answers
/// bytes that it was given. What an emulator of the same requests cannot be faster than.
/// </summary>
internal static class LimitServer
{
    public const string Argument = "limit";

    public const string SampleThing = "pump-00000000", SampleJob = "pump-00000000-00000000";

    public static async Task<int> Run(string planFile)
    {
        var plan = JsonSerializer.Deserialize<LimitPlan>(await File.ReadAllBytesAsync(planFile))!;
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        await using var app = builder.Build();
        app.UseRouting();
        using var writer = plan.Database is null ? null : new GroupedWriter(plan.Database, plan.Schema);
        var asked = new Turns();
        foreach (var route in plan.Routes)
            app.MapMethods(route.Pattern, [route.Method], route.Rows.Count > 0 && writer is not null ? Writing(route, writer, asked) : Answering(route));
        app.MapPost("/_emulator/reset", async context =>
        {
            asked.Clear();
            if (writer is not null)
                await writer.Clear();
            await Answer(context, Nothing);
        });
        // Whatever else a workload prepares.
        app.MapFallback("{*path}", Answering(Nothing));
        await app.StartAsync();
        Console.WriteLine($"Listening on {app.Urls.First()}");
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static LimitRoute Nothing { get; } = new("", "", "application/json", "{}"u8.ToArray());

    private static RequestDelegate Answering(LimitRoute route) => async context =>
    {
        await Drop(context.Request);
        await Answer(context, route);
    };

    private static RequestDelegate Writing(LimitRoute route, GroupedWriter writer, Turns asked)
    {
        Recipe[] recipes = [.. route.Rows.Select(rows => writer.Prepare(rows, SampleJob, SampleThing))];
        return async context =>
        {
            await Drop(context.Request);
            var jobId = context.Request.RouteValues["jobId"] as string;
            // A job is named after the thing it is for, and a number: what a device starts next follows from how many it has started.
            var thing = context.Request.RouteValues["thingName"] as string ?? jobId![..jobId!.LastIndexOf('-')];
            var turn = asked.Next(route.Pattern + thing);
            jobId ??= string.Create(CultureInfo.InvariantCulture, $"{thing}-{turn:D8}");
            await writer.Write(recipes[turn % recipes.Length], jobId, thing);
            await Answer(context, route);
        };
    }

    /// <summary>Who has asked how often.</summary>
    private sealed class Turns
    {
        private readonly ConcurrentDictionary<string, int> _last = [];

        public int Next(string who) => _last.AddOrUpdate(who, 0, (_, last) => last + 1);

        public void Clear() => _last.Clear();
    }

    private static async ValueTask Drop(HttpRequest request)
    {
        if (request.ContentLength is null or 0)
            return;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync();
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return;
        }
    }

    private static ValueTask<System.IO.Pipelines.FlushResult> Answer(HttpContext context, LimitRoute route)
    {
        context.Response.ContentType = route.ContentType;
        context.Response.ContentLength = route.Body.Length;
        return context.Response.BodyWriter.WriteAsync(route.Body);
    }
}
