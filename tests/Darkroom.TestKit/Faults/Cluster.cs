using System.Net;
using Darkroom.TestKit.Databases;

namespace Darkroom.TestKit.Faults;

/// <summary>A database and an object store of their own, and nodes that share them.</summary>
internal sealed class Cluster : IDisposable
{
    private readonly S3Server objects = new();
    private readonly string noModels = Directory.CreateTempSubdirectory("darkroom-none-").FullName;

    public PostgresServer Database { get; } = new();

    /// <summary>Starts a node.</summary>
    /// <param name="role">api or worker.</param>
    public Task<StartedServer> StartAsync(string role, params (string Name, string Value)[] settings) => StartedServer.StartAsync(
        modelsPath: role == "api" ? noModels : null, environment:
        [
            ("Darkroom__Store", "postgres"), ("Darkroom__Postgres", Database.ConnectionString()), ("Darkroom__Role", role), ("Darkroom__Artifacts", "s3"),
            ("Darkroom__S3__Endpoint", objects.Endpoint.ToString()), ("Darkroom__S3__Bucket", "pictures"), ("Darkroom__S3__AccessKey", S3Server.Key),
            ("Darkroom__S3__SecretKey", S3Server.Key), ("Darkroom__Engine__Lease", "4"), ("Darkroom__MaxCrashes", "1000"), .. settings,
        ]);

    /// <summary>Waits until a node that takes requests knows of a worker.</summary>
    public static Task SeesModelsAsync(StartedServer api) => Until.HoldsAsync("the worker's models are known", async () =>
        await api.Client.AskAsync(HttpMethod.Get, "/v1/models") is (HttpStatusCode.OK, var models) && models.GetProperty("data").GetArrayLength() > 0);

    public void Dispose()
    {
        Database.Dispose();
        objects.Dispose();
        Directory.Delete(noModels, recursive: true);
    }
}
