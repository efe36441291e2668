using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Darkroom.Aspire.Hosting;

/// <summary>A Darkroom server as a process of an app host, without a container.</summary>
public static class DarkroomProgramExtensions
{
    /// <summary>
    /// Adds a server from its published program. It listens on the loopback alone and asks for no key, unless <c>WithApiKey</c> gives
    /// it one.
    /// </summary>
    /// <param name="builder">The app host.</param>
    /// <param name="name">Of the resource, and of its connection string.</param>
    /// <param name="program">
    /// Path of <c>Darkroom.Server</c>; a relative one counts from the app host's folder. A name without a folder is looked for as a shell does.
    /// </param>
    /// <param name="port">Of this machine; null: a free one.</param>
    public static IResourceBuilder<DarkroomProgramResource> AddDarkroomExecutable(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string program, int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(program);
        var path = Path.GetFileName(program) == program ? program : PathOf(builder, program);
        return builder.AddProgram(name, path, port).WithArgs("serve");
    }

    /// <summary>The same from its sources, by <c>dotnet run -c Release --project</c>.</summary>
    /// <param name="builder">The app host.</param>
    /// <param name="name">Of the resource, and of its connection string.</param>
    /// <param name="project">Path of <c>src/Darkroom.Server</c> or its project file; a relative one counts from the app host's folder.</param>
    /// <param name="port">Of this machine; null: a free one.</param>
    public static IResourceBuilder<DarkroomProgramResource> AddDarkroomProject(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string project, int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(project);
        return builder.AddProgram(name, "dotnet", port).WithArgs("run", "-c", "Release", "--project", PathOf(builder, project), "--", "serve");
    }

    /// <summary>Has the server find its models in a folder of this machine.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="path">A relative one counts from the app host's folder.</param>
    public static IResourceBuilder<DarkroomProgramResource> WithModels(this IResourceBuilder<DarkroomProgramResource> builder, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return builder.WithEnvironment("Darkroom__ModelsPath", PathOf(builder.ApplicationBuilder, path));
    }

    /// <summary>Keeps what the server keeps (jobs, pictures, keys) in a folder of this machine.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="path">A relative one counts from the app host's folder.</param>
    public static IResourceBuilder<DarkroomProgramResource> WithDataFolder(this IResourceBuilder<DarkroomProgramResource> builder, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return builder.WithEnvironment("Darkroom__DataPath", PathOf(builder.ApplicationBuilder, path));
    }

    private static IResourceBuilder<DarkroomProgramResource> AddProgram(
        this IDistributedApplicationBuilder builder, string name, string command, int? port)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var server = new DarkroomProgramResource(name, command, builder.AppHostDirectory);
        return builder.AddResource(server)
            .WithHttpEndpoint(port, name: DarkroomConnection.EndpointName)
            // The app host may stand before it with a port of its own: this one is the program's.
            .WithEnvironment("ASPNETCORE_URLS", ReferenceExpression.Create($"http://127.0.0.1:{server.PrimaryEndpoint.Property(EndpointProperty.TargetPort)}"))
            .WithServerDefaults();
    }

    private static string PathOf(IDistributedApplicationBuilder builder, string path) => Path.GetFullPath(path, builder.AppHostDirectory);
}
