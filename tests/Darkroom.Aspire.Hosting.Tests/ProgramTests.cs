using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Darkroom.Client;
using Darkroom.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Darkroom.Aspire.Hosting.Tests;

/// <summary>What an app host is told of a server that is a process, and one that it really runs.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly IDistributedApplicationBuilder builder =
        DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });
    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-aspire-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_published_program_is_started_on_the_loopback()
    {
        var server = builder.AddDarkroomExecutable("darkroom", "bin/Darkroom.Server").WithModels("my-models").WithDataFolder("/srv/data").Resource;
        Assert.Equal(Path.GetFullPath("bin/Darkroom.Server", builder.AppHostDirectory), server.Command);
        Assert.Equal(["serve"], await Configured.ArgumentsOf(server));
        var environment = await Configured.EnvironmentOf(server);
        Assert.Equal("http://127.0.0.1:{darkroom.bindings.http.targetPort}", environment["ASPNETCORE_URLS"]);
        Assert.Equal(Path.GetFullPath("my-models", builder.AppHostDirectory), environment["Darkroom__ModelsPath"]);
        Assert.Equal("/srv/data", environment["Darkroom__DataPath"]);
        Assert.DoesNotContain("Darkroom__ApiKey", environment.Keys);
        Assert.Equal("Endpoint={darkroom.bindings.http.url}", server.ConnectionStringExpression.ValueExpression);
        Assert.Contains("/readyz", server.Annotations.OfType<HealthCheckAnnotation>().Single().Key);
        Assert.Equal("darkroom", builder.AddDarkroomExecutable("other", "darkroom").Resource.Command);
    }

    [Fact]
    public async Task Sources_are_run_by_dotnet()
    {
        var server = builder.AddDarkroomProject("darkroom", "../src/Darkroom.Server").Resource;
        Assert.Equal("dotnet", server.Command);
        Assert.Equal(["run", "-c", "Release", "--project", Path.GetFullPath("../src/Darkroom.Server", builder.AppHostDirectory), "--", "serve"],
            await Configured.ArgumentsOf(server));
    }

    [Fact]
    public async Task An_app_host_runs_the_program_and_a_client_makes_a_picture_by_its_connection_string()
    {
        // What starts the processes of an app host; an app host's own build finds it by its SDK.
        string dcp = Path.Combine(
            typeof(ProgramTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "DcpFolder").Value!, "dcp");
        Assert.True(File.Exists(dcp), $"{dcp} was not restored.");
        builder.Configuration["DcpPublisher:CliPath"] = dcp;
        builder.Configuration["DcpPublisher:DashboardPath"] = dcp; // asked for although the dashboard is off

        var server = builder.AddDarkroomExecutable("darkroom", ServerProgram.Path)
            .WithModels(Path.Combine(Repository.Root, "models")).WithDataFolder(folder)
            .WithApiKey(builder.AddParameter("key", "a-key-of-this-test-alone", secret: true));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var app = builder.Build();
        await app.StartAsync(patience.Token);
        await app.Services.GetRequiredService<ResourceNotificationService>().WaitForResourceHealthyAsync("darkroom", patience.Token);

        string connection = (await ((IResourceWithConnectionString)server.Resource).GetConnectionStringAsync(patience.Token))!;
        Assert.EndsWith(";Key=a-key-of-this-test-alone", connection);
        using var client = new DarkroomClient(DarkroomClientOptions.Parse(connection));
        var result = await client.GenerateAsync(new Txt2ImgRequest { Prompt = "red apple", Steps = 2, Seed = 1 }, patience.Token);
        Assert.Equal(result.Images.Single().Length, result.Images.Single().Data!.Value.Length);

        using var stranger = new DarkroomClient(client.Address);
        Assert.Equal(401, (int)(await Assert.ThrowsAsync<DarkroomException>(() => stranger.ListModelsAsync(patience.Token))).Status);
        await app.StopAsync(patience.Token);
    }
}
