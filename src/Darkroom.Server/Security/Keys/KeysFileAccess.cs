namespace Darkroom.Server.Security.Keys;

/// <summary>Reads and replaces the file of keys: one process at a time changes it, and readers see the old one or the new one, whole.</summary>
internal static class KeysFileAccess
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20), Patience = TimeSpan.FromSeconds(5);

    /// <summary>The keys of a file; none where there is no file.</summary>
    /// <exception cref="InvalidDataException">It cannot be read; the message is a sentence.</exception>
    public static IReadOnlyList<ApiKey> Read(string path)
    {
        try
        {
            return File.Exists(path) ? KeysFile.Read(File.ReadAllBytes(path)) : [];
        }
        catch (FileNotFoundException)
        {
            return [];
        }
        catch (InvalidDataException wrong)
        {
            throw Unreadable(path, wrong.Message, wrong);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, "this process may not read it", refused);
        }
    }

    /// <param name="path">Of the file.</param>
    /// <param name="change">From the keys to those that shall be; null: nothing is written.</param>
    /// <param name="time">For the wait while another process changes the file.</param>
    /// <param name="cancellation">Ends that wait.</param>
    /// <returns>Whether anything was written.</returns>
    /// <exception cref="InvalidDataException">The file cannot be read or written.</exception>
    public static async Task<bool> ChangeAsync(
        string path, Func<IReadOnlyList<ApiKey>, IReadOnlyList<ApiKey>?> change, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            PrivateFolder.Create(Path.GetDirectoryName(Path.GetFullPath(path))!);
            await using var alone = await LockAsync(path + ".lock", time, cancellation);
            if (change(Read(path)) is not { } keys) return false;
            await ReplaceAsync(path, KeysFile.Write(keys), cancellation);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{path} cannot be written: {refused.Message}", refused);
        }
    }

    private static async Task ReplaceAsync(string path, byte[] text, CancellationToken cancellation)
    {
        var fresh = path + ".new";
        File.Delete(fresh); // of a process that was killed; its mode may be another
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var file = new FileStream(fresh, options))
        {
            await file.WriteAsync(text, cancellation);
            file.Flush(flushToDisk: true); // before the name points at it: a crash leaves the old file or the new one
        }
        File.Move(fresh, path, overwrite: true);
    }

    private static async Task<FileStream> LockAsync(string path, TimeProvider time, CancellationToken cancellation)
    {
        for (var began = time.GetTimestamp(); ;)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (time.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(Pause, time, cancellation);
            }
        }
    }

    private static InvalidDataException Unreadable(string path, string why, Exception cause) =>
        new($"The keys in {path} cannot be read: {why}. Put a good copy there, or delete it and make new keys by: darkroom keys add NAME.", cause);
}
