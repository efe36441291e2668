namespace Darkroom.Storage.S3;

/// <summary>
/// Where pictures are put that were fetched, until they are read to their end: they can seek, and stay readable whatever becomes of the object. Small ones are
/// held in memory as long as all together take little of it, others in files that nobody sees and that go with the process.
/// </summary>
/// <param name="folder">Of this process alone; made where it is missing.</param>
internal sealed class PictureSpool(string folder)
{
    /// <summary>A PNG of 1024 x 1024 has 1 to 2 MiB.</summary>
    public const long MaxBytesInMemory = 4L << 20;

    /// <summary>Of all pictures that are being read: slow readers must not fill the memory.</summary>
    public const long MaxBytesTogether = 64L << 20;

    private long held;

    /// <summary>Bytes of pictures in memory now.</summary>
    public long HeldBytes => Interlocked.Read(ref held);

    /// <summary>An empty stream that has room for a picture of this length.</summary>
    public Stream Open(long length)
    {
        if (length <= MaxBytesInMemory)
        {
            if (Interlocked.Add(ref held, length) <= MaxBytesTogether) return new Counted(this, (int)length);
            Interlocked.Add(ref held, -length);
        }
        return OpenFile();
    }

    private FileStream OpenFile()
    {
        string path = Path.Combine(Directory.CreateDirectory(folder).FullName, Path.GetRandomFileName());
        var file = new FileStream(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows()) File.Delete(path); // its name is not needed, and a process that is killed leaves nothing
        return file;
    }

    private sealed class Counted(PictureSpool spool, int length) : MemoryStream(new byte[length], 0, length, writable: true, publiclyVisible: true)
    {
        private int counted = length;

        protected override void Dispose(bool disposing)
        {
            Interlocked.Add(ref spool.held, -Interlocked.Exchange(ref counted, 0));
            base.Dispose(disposing);
        }
    }
}
