using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Darkroom.Aspire.Hosting;

/// <summary>A Darkroom server in a container of an app host.</summary>
public static class DarkroomContainerExtensions
{
    private const string Image = "darkroom", CpuTag = "cpu", CudaTag = "cuda", DataFolder = "/data", OwnModelsFolder = "/models/own";
    private const int ContainerPort = 8080;

    /// <summary>
    /// Adds a server in a container of the image <c>darkroom:cpu</c>, as <c>docker build -t darkroom:cpu .</c> makes it. It asks for a key, which is made once
    /// and kept with the app host's secrets (<c>WithApiKey</c> sets one of your own); those who have a reference to the server get it with
    /// the connection string.
    /// </summary>
    /// <param name="builder">The app host.</param>
    /// <param name="name">Of the resource, and of its connection string.</param>
    /// <param name="port">Of this machine; null: a free one.</param>
    /// <param name="tag">Of the image; null: <c>cpu</c>.</param>
    public static IResourceBuilder<DarkroomResource> AddDarkroom(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port = null, string? tag = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        // Beyond its own machine a server lets nobody in without a key, and one that it makes itself nobody else would know.
        var key = ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-key", special: false);
        return builder.AddResource(new DarkroomResource(name) { ApiKey = key })
            .WithImage(Image, tag ?? CpuTag)
            .WithHttpEndpoint(port, ContainerPort, DarkroomConnection.EndpointName)
            .WithServerDefaults();
    }

    /// <summary>Gives the container the GPUs: the image <c>darkroom:cuda</c> with Docker's <c>--gpus</c>. It needs NVIDIA's container toolkit.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="gpus">As Docker reads it: <c>all</c>, a number, or <c>device=0,1</c>.</param>
    /// <param name="tag">Of the image; null: <c>cuda</c>.</param>
    public static IResourceBuilder<DarkroomResource> WithGpu(this IResourceBuilder<DarkroomResource> builder, string gpus = "all", string? tag = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(gpus);
        // Docker splits the value at commas unless it stands in quotes.
        return builder.WithImageTag(tag ?? CudaTag).WithContainerRuntimeArgs("--gpus", gpus.Contains(',', StringComparison.Ordinal) ? $"\"{gpus}\"" : gpus);
    }

    /// <summary>Shows a folder of models to the server, beside those of the image; it cannot write there.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="path">Of this machine; a relative one counts from the app host's folder.</param>
    public static IResourceBuilder<DarkroomResource> WithModels(this IResourceBuilder<DarkroomResource> builder, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return builder.WithBindMount(path, OwnModelsFolder, isReadOnly: true);
    }

    /// <summary>Keeps what the server keeps (jobs, pictures, keys) in a volume.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">Of the volume; null: one of the app host and the resource.</param>
    public static IResourceBuilder<DarkroomResource> WithDataVolume(this IResourceBuilder<DarkroomResource> builder, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), DataFolder);
    }

    /// <summary>Keeps what the server keeps (jobs, pictures, keys) in a folder of this machine.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="path">A relative one counts from the app host's folder. It must be the container's user's, whose number is 10001.</param>
    public static IResourceBuilder<DarkroomResource> WithDataBindMount(this IResourceBuilder<DarkroomResource> builder, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return builder.WithBindMount(path, DataFolder);
    }
}
