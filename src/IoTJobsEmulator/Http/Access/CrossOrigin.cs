namespace IoTJobsEmulator.Http.Access;

/// <summary>The answers of CORS, for the web pages that <c>allowed-origins</c> names. Without that setting there are none.</summary>
internal static class CrossOrigin
{
    /// <summary>What pages may read of an answer beside its body.</summary>
    private static readonly string[] ExposedHeaders = ["x-amzn-ErrorType", "x-amzn-RequestId"];

    public static void AddCrossOrigin(this IServiceCollection services, EmulatorOptions options)
    {
        if (options.AllowedOrigins.Count > 0)
        {
            services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
                .WithOrigins([.. options.AllowedOrigins]).AllowAnyHeader().AllowAnyMethod()
                .WithExposedHeaders(ExposedHeaders).SetPreflightMaxAge(TimeSpan.FromHours(1))));
        }
    }

    public static void UseCrossOrigin(this IApplicationBuilder app, EmulatorOptions options)
    {
        if (options.AllowedOrigins.Count > 0)
            app.UseCors();
    }
}
