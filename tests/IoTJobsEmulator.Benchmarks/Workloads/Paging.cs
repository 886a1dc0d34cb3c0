using System.Globalization;
using IoTJobsEmulator.Benchmarks.Load;
using IoTJobsEmulator.Benchmarks.Report;

namespace IoTJobsEmulator.Benchmarks.Workloads;

/// <summary>A list of a fleet's executions, read page by page.</summary>
internal sealed class Paging() : Workload("paging", "ListJobExecutionsForJob of 100 000 executions, 250 a page: all of them, and the last full page beside the first")
{
    private const int PageSize = 250, Samples = 100;

    public override void Run(Bench bench)
    {
        var things = bench.Options.FleetSizes[^1];
        using var fleet = new Fleet(bench.Emulator(Mode.Default, Fleet.Settings), things);
        var jobId = fleet.CreateJob();
        fleet.UntilQueued(jobId);
        List<double> first = [], last = [], all = [];
        var (firsts, lasts) = (new Latencies(), new Latencies());
        ReadAll();
        var tokens = Tokens();
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            all.Add(Fleet.Seconds(ReadAll));
            var (ofFirst, ofLast) = (new Latencies(), new Latencies());
            using var connection = new HttpConnection(fleet.Api.Address);
            var (one, other) = (Page(""), Page(tokens[^1]));
            for (var sample = 0; sample < Samples; sample++)
            {
                ofFirst.Add(connection.Time(one));
                ofLast.Add(connection.Time(other));
            }
            firsts.Add(ofFirst);
            lasts.Add(ofLast);
            first.Add(ofFirst.Quantile(0.5));
            last.Add(ofLast.Quantile(0.5));
        }
        bench.Reporter.Add(new($"page {tokens.Count} of {tokens.Count}", Mode.Default, "ms", Spread.Of(last))
        {
            P50 = lasts.Quantile(0.5),
            P99 = lasts.Quantile(0.99),
            Longest = lasts.Quantile(1),
            Limit = "page 1",
            LimitValue = Spread.Of(first),
            Ratio = Spread.Ratio(last, first),
            Target = Target.AtMost(1.2),
        });
        bench.Reporter.Add(new($"all {tokens.Count} pages", Mode.Default, "s", Spread.Of(all)));

        byte[] Page(string token) => AwsRequest.Control("GET", string.Create(CultureInfo.InvariantCulture,
            $"/jobs/{jobId}/things?maxResults={PageSize}{(token.Length > 0 ? "&nextToken=" : "")}{Uri.EscapeDataString(token)}"));

        void ReadAll()
        {
            var count = Tokens().Count;
            if (count != things / PageSize)
                throw new BenchmarkException($"{things} executions came on {count} pages.");
        }

        List<string> Tokens()
        {
            List<string> found = [""];
            while (System.Text.Json.JsonElement.Parse(fleet.Api.Ask(Page(found[^1])).Body).TryGetProperty("nextToken", out var next))
                found.Add(next.GetString()!);
            return found;
        }
    }
}
