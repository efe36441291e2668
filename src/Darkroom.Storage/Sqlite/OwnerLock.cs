using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Sqlite;

/// <summary>
/// A locked file beside the database, for as long as the process lives: the operating system lets it go with the process, however that ends. SQLite's own
/// locks would let two servers take turns, and each of them would run all jobs.
/// </summary>
internal sealed class OwnerLock : IDisposable
{
    private readonly FileStream file;

    private OwnerLock(FileStream file) => this.file = file;

    /// <exception cref="StoreException">Another process holds it.</exception>
    public static OwnerLock Take(string path)
    {
        try
        {
            return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new StoreException(
                "Another server uses the jobs in the data folder (Darkroom:DataPath). Stop it, or give this one a data folder of its own.",
                StoreFault.InUse, e);
        }
    }

    public static StoreException Unwritable(Exception reason) => new(
        "The data folder (Darkroom:DataPath) cannot be written, so no job can be kept there.", StoreFault.Unavailable, reason);

    public void Dispose() => file.Dispose();
}
