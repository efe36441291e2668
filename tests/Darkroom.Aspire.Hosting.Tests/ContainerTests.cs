using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Darkroom.Client;

namespace Darkroom.Aspire.Hosting.Tests;

/// <summary>What an app host is told of a server in a container.</summary>
public sealed class ContainerTests
{
    private readonly IDistributedApplicationBuilder builder =
        DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });

    [Fact]
    public void It_is_the_image_with_its_endpoint_and_health_check()
    {
        var server = builder.AddDarkroom("darkroom", port: 18080).Resource;
        var image = server.Annotations.OfType<ContainerImageAnnotation>().Single();
        Assert.Equal(("darkroom", "cpu", null), (image.Image, image.Tag, image.Registry));
        var endpoint = server.Annotations.OfType<EndpointAnnotation>().Single();
        Assert.Equal(("http", "http", 8080, 18080), (endpoint.Name, endpoint.UriScheme, endpoint.TargetPort, endpoint.Port));
        Assert.Contains("/readyz", server.Annotations.OfType<HealthCheckAnnotation>().Single().Key);
    }

    [Fact]
    public void Its_tag_can_be_set()
    {
        Assert.Equal("0.1.0", TagOf(builder.AddDarkroom("one", tag: "0.1.0")));
        Assert.Equal("0.2.0", TagOf(builder.AddDarkroom("two").WithImageTag("0.2.0")));
    }

    [Theory]
    [InlineData("all", "all")]
    [InlineData("device=0,1", "\"device=0,1\"")]
    public async Task GPUs_take_the_other_image(string gpus, string argument)
    {
        var server = builder.AddDarkroom("darkroom").WithGpu(gpus);
        Assert.Equal("cuda", TagOf(server));
        var arguments = new List<object>();
        foreach (var annotation in server.Resource.Annotations.OfType<ContainerRuntimeArgsCallbackAnnotation>())
            await annotation.Callback(new ContainerRuntimeArgsCallbackContext(arguments));
        Assert.Equal(["--gpus", argument], arguments);
    }

    [Fact]
    public void Models_are_read_only_and_data_is_a_volume_or_a_folder()
    {
        var server = builder.AddDarkroom("darkroom").WithModels("/srv/models").WithDataVolume("pictures").Resource;
        var mounts = server.Annotations.OfType<ContainerMountAnnotation>();
        Assert.Equal(
            [("/srv/models", "/models/own", ContainerMountType.BindMount, true), ("pictures", "/data", ContainerMountType.Volume, false)],
            mounts.Select(mount => (mount.Source!, mount.Target, mount.Type, mount.IsReadOnly)));

        var folder = builder.AddDarkroom("other").WithDataBindMount("data").Resource.Annotations.OfType<ContainerMountAnnotation>().Single();
        Assert.Equal((Path.GetFullPath("data", builder.AppHostDirectory), "/data", ContainerMountType.BindMount, false),
            (folder.Source, folder.Target, folder.Type, folder.IsReadOnly));

        var own = builder.AddDarkroom("third").WithDataVolume().Resource.Annotations.OfType<ContainerMountAnnotation>().Single();
        Assert.EndsWith("-third-data", own.Source);
    }

    [Fact]
    public async Task It_asks_for_a_key_that_those_who_refer_to_it_get()
    {
        var server = builder.AddDarkroom("darkroom");
        Assert.Equal("Endpoint={darkroom.bindings.http.url};Key={darkroom-key.value}", server.Resource.ConnectionStringExpression.ValueExpression);
        var environment = await Configured.EnvironmentOf(server.Resource);
        Assert.Equal("{darkroom-key.value}", environment["Darkroom__ApiKey"]);
        Assert.Equal("darkroom,darkroom.dev.internal,aspire.dev.internal,host.docker.internal", environment["Darkroom__Hosts"]);

        var caller = builder.AddContainer("web", "web").WithReference(server);
        Assert.Equal("{darkroom.connectionString}", (await Configured.EnvironmentOf(caller.Resource))["ConnectionStrings__darkroom"]);
    }

    [Fact]
    public async Task The_connection_string_is_one_that_the_client_reads()
    {
        var server = builder.AddDarkroom("darkroom").WithApiKey(builder.AddParameter("own", "0123456789abcdef", secret: true)).Resource;
        Assert.Equal("{own.value}", (await Configured.EnvironmentOf(server))["Darkroom__ApiKey"]);
        var endpoint = server.Annotations.OfType<EndpointAnnotation>().Single();
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "localhost", 18080);
        var options = DarkroomClientOptions.Parse((await ((IResourceWithConnectionString)server).GetConnectionStringAsync())!);
        Assert.Equal((new Uri("http://localhost:18080"), "0123456789abcdef"), (options.BaseAddress, options.ApiKey));
    }

    private static string? TagOf(IResourceBuilder<DarkroomResource> server) => server.Resource.Annotations.OfType<ContainerImageAnnotation>().Single().Tag;
}
