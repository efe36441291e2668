namespace Darkroom.Server.Configuration;

/// <summary>Where a server that was started with the same files, environment and options listens: for commands that speak to it.</summary>
internal static class ListenSettings
{
    /// <summary>Read as the web host reads them, and without one: building it would take longer than asking.</summary>
    public static IReadOnlyList<string> Read(ServerOptions options)
    {
        var host = new ConfigurationBuilder().AddEnvironmentVariables("DOTNET_").AddEnvironmentVariables("ASPNETCORE_").AddInMemoryCollection(options.Overrides)
            .Build();
        var all = new ConfigurationBuilder().AddConfiguration(host)
            .AddJsonFile(Path.Combine(options.Home, Home.SettingsFile), optional: true)
            .AddJsonFile(Path.Combine(options.Home, $"appsettings.{host["environment"] ?? Environments.Production}.json"), optional: true)
            .AddEnvironmentVariables().AddInMemoryCollection(options.Overrides).Build();
        return ListenAddresses.Taken(all) is { Count: > 0 } given ? given : [DarkroomHost.DefaultAddress];
    }
}
