using Darkroom.Storage.Keeping;

namespace Darkroom.Storage.Files;

/// <summary>Previews as files of a folder that several processes share. Nothing is flushed: a look that a power cut takes is no loss.</summary>
/// <param name="folder">Made when the first one comes.</param>
public sealed class FolderPreviewFiles(string folder) : IPreviewFiles
{
    public async ValueTask WriteAsync(string jobId, ReadOnlyMemory<byte> file, CancellationToken cancellation)
    {
        if (PathOf(jobId) is not { } path) return;
        Directory.CreateDirectory(folder);
        string unfinished = path + ".new";
        await File.WriteAllBytesAsync(unfinished, file, cancellation);
        File.Move(unfinished, path, overwrite: true);
    }

    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(string jobId, CancellationToken cancellation)
    {
        if (PathOf(jobId) is not { } path) return null;
        try
        {
            return await File.ReadAllBytesAsync(path, cancellation);
        }
        catch (IOException missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public ValueTask RemoveAsync(string jobId, CancellationToken cancellation)
    {
        if (PathOf(jobId) is { } path && Directory.Exists(folder)) File.Delete(path);
        return ValueTask.CompletedTask;
    }

    private string? PathOf(string jobId) => StoredId.IsOne(jobId) ? Path.Combine(folder, jobId) : null;
}
