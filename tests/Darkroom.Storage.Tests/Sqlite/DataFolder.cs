namespace Darkroom.Storage.Tests.Sqlite;

/// <summary>An empty folder, removed with all that is in it.</summary>
public sealed class DataFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("darkroom-store-").FullName;

    public string Database => System.IO.Path.Combine(Path, "jobs.db");

    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }
}
