using System.Security.Cryptography;

namespace IoTJobsEmulator.Documents;

internal static class DocumentServices
{
    /// <summary>Adds the store that the settings name, if they name one.</summary>
    public static IServiceCollection AddDocuments(this IServiceCollection services, EmulatorOptions options)
    {
        if (options.Documents is { } folder)
        {
            services.AddSingleton(new FolderDocuments(folder, RandomNumberGenerator.GetHexString(32)));
            services.AddSingleton<DocumentStore>(provider => provider.GetRequiredService<FolderDocuments>());
        }
        else if (options.S3 is { } location)
        {
            services.AddSingleton<DocumentStore>(provider => new S3Documents(location, options.Region, provider.GetRequiredService<TimeProvider>()));
        }
        return services;
    }
}
