using System.Security.Cryptography;

namespace Darkroom.Client.Tests.Network;

/// <summary>Pictures are sent piece by piece, whatever they are read from.</summary>
public sealed class UploadTests(TestServer server)
{
    [Fact]
    public async Task A_large_file_is_never_in_memory()
    {
        const long Size = 256L << 20;
        long received = 0;
        await using var sink = await ScriptedHttp.StartAsync(async (context, _) =>
        {
            var buffer = new byte[64 * 1024];
            while (await context.Request.Body.ReadAsync(buffer) is > 0 and var count) received += count;
            await ScriptedHttp.ProblemAsync(context, 413, ProblemTypes.TooLarge);
        });
        using var client = server.NewClient(options => options.BaseAddress = sink.Address);
        var source = PictureSource.From(_ => new(new Generated(Size)));
        GC.Collect();
        long before = GC.GetTotalAllocatedBytes(precise: true);
        var fault = await Assert.ThrowsAsync<DarkroomException>(() => client.StartAsync(new UpscaleRequest { Image = source }));
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.Equal(ProblemTypes.TooLarge, fault.ProblemType);
        Assert.InRange(received, Size, Size + 4096);
        Assert.True(allocated < 16 << 20, $"Both ends together allocated {allocated >> 20} MiB.");
    }

    [Fact]
    public async Task Bytes_files_and_streams_are_the_same_picture()
    {
        string path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, TestServer.Canvas);
        await using var file = File.OpenRead(path);
        using var late = new MemoryStream([1, 2, 3, .. TestServer.Canvas]) { Position = 3 };
        PictureSource[] sources =
        [
            TestServer.Canvas, PictureSource.FromFile(path), PictureSource.FromStream(file), PictureSource.FromStream(late),
            PictureSource.From(_ => new(new MemoryStream(TestServer.Canvas))),
        ];
        var hashes = new List<string>();
        foreach (var source in sources)
            hashes.Add((await server.Client.GenerateAsync(
                new Img2ImgRequest { Prompt = "a circle", Image = source, Seed = 3, Steps = 2, Upscale = UpscaleStep.None })).Images[0].Sha256);
        Assert.Single(hashes.Distinct());
        File.Delete(path);
        await Assert.ThrowsAsync<FileNotFoundException>(() => server.Client.StartAsync(new UpscaleRequest { Image = PictureSource.FromFile(path) }));
    }

    [Fact]
    public async Task A_ControlNet_is_shown_its_picture_within_the_field()
    {
        var sent = new TaskCompletionSource<string>();
        await using var sink = await ScriptedHttp.StartAsync(async (context, _) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            sent.SetResult(await reader.ReadToEndAsync());
            await ScriptedHttp.ProblemAsync(context, 422, ProblemTypes.InvalidRequest);
        });
        using var client = server.NewClient(options => options.BaseAddress = sink.Address);
        await Assert.ThrowsAsync<DarkroomException>(() => client.StartAsync(new Txt2ImgRequest
            { Prompt = "a", Controls = [new("edges") { Image = PictureSource.FromStream(new MemoryStream(TestServer.Canvas)), Weight = 0.5 }] }));
        var control = System.Text.Json.Nodes.JsonNode.Parse(await sent.Task)!["controls"]![0]!;
        Assert.Equal(TestServer.Canvas, Convert.FromBase64String((string)control["image"]!));
        Assert.Equal(("edges", 0.5), ((string)control["model"]!, (double)control["weight"]!));
    }

    [Fact]
    public async Task A_picture_of_some_megabytes_arrives_whole()
    {
        var noise = new byte[1600 * 1200 * 3];
        RandomNumberGenerator.Fill(noise);
        var large = Imaging.PictureEncoder.Encode(new(1600, 1200, 3, noise), Imaging.PictureFormat.Png, 90, null);
        Assert.True(large.Length > 5 << 20);
        var info = await server.Client.ReadPictureAsync(PictureSource.FromStream(new MemoryStream(large)));
        Assert.Equal((1600, 1200), (info.Items.Width, info.Items.Height));
    }

    /// <summary>Bytes that nobody stores, in a stream that cannot seek.</summary>
    internal sealed class Generated(long length) : Stream
    {
        private long left = length;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            int count = (int)Math.Min(buffer.Length, left);
            buffer[..count].Fill(7);
            left -= count;
            return count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
