using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Darkroom.Aspire.Hosting;

/// <summary>What servers in containers and programs have in common.</summary>
public static class DarkroomServerExtensions
{
    private const string ReadyPath = "/readyz";

    /// <summary>Sets the key of callers, in the place of the one that was made for a container. Its scopes are <c>generate</c> and <c>read</c>.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="key">16 characters or more, none of them a semicolon: <c>builder.AddParameter("key", secret: true)</c>.</param>
    public static IResourceBuilder<DarkroomResource> WithApiKey(this IResourceBuilder<DarkroomResource> builder, IResourceBuilder<ParameterResource> key)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(key);
        builder.Resource.ApiKey = key.Resource;
        return builder;
    }

    /// <summary>Has the server ask its callers for a key. Its scopes are <c>generate</c> and <c>read</c>.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="key">16 characters or more, none of them a semicolon: <c>builder.AddParameter("key", secret: true)</c>.</param>
    public static IResourceBuilder<DarkroomProgramResource> WithApiKey(
        this IResourceBuilder<DarkroomProgramResource> builder, IResourceBuilder<ParameterResource> key)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(key);
        builder.Resource.ApiKey = key.Resource;
        return builder;
    }

    internal static IResourceBuilder<T> WithServerDefaults<T>(this IResourceBuilder<T> builder)
        where T : IDarkroomResource
    {
        var server = builder.Resource;
        return builder
            // Names that other resources call it by; every other name is answered 421.
            .WithEnvironment("Darkroom__Hosts", string.Join(',',
                server.Name.ToLowerInvariant(), $"{server.Name.ToLowerInvariant()}.dev.internal", "aspire.dev.internal", "host.docker.internal"))
            .WithEnvironment(context =>
            {
                // Looked at when the server starts: WithApiKey may come later.
                if (server.ApiKey is { } key) context.EnvironmentVariables["Darkroom__ApiKey"] = key;
            })
            .WithHttpHealthCheck(ReadyPath, endpointName: DarkroomConnection.EndpointName)
            .WithOtlpExporter();
    }
}
