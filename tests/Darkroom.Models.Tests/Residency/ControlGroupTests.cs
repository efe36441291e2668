using Darkroom.Models.Residency;

namespace Darkroom.Models.Tests.Residency;

public sealed class ControlGroupTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("darkroom").FullName;

    [Theory]
    [InlineData("0::/a/b\n", "a/memory.max=300 a/b/memory.max=max", 300)]
    [InlineData("0::/a/b\n", "a/memory.max=300 a/b/memory.max=200", 200)]
    [InlineData("0::/\n", "memory.max=500", 500)]
    [InlineData("4:memory:/a\n3:cpu,cpuacct:/\n", "memory/a/memory.limit_in_bytes=400 memory/memory.limit_in_bytes=9223372036854771712", 400)]
    [InlineData("4:cpu,memory:/docker/0123\n", "memory/memory.limit_in_bytes=700", 700)] // the host's path, not to be seen in the container
    [InlineData("4:memory:/a\n0::/b\n", "memory/a/memory.limit_in_bytes=400 b/memory.max=350", 350)]
    [InlineData("0::/a\n", "a/memory.max=max", long.MaxValue)]
    [InlineData("nonsense\n", "", long.MaxValue)]
    public void The_smallest_limit_on_the_way_to_the_root_counts(string own, string files, long limit)
    {
        Write("proc/self/cgroup", own);
        foreach (string[] file in files.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(file => file.Split('=')))
            Write("sys/fs/cgroup/" + file[0], file[1] + "\n");
        Assert.Equal(limit, ControlGroup.LimitBytes(root));
    }

    [Fact]
    public void Without_control_groups_there_is_no_limit() => Assert.Equal(long.MaxValue, ControlGroup.LimitBytes(root));

    [Theory]
    [InlineData(1536)]
    [InlineData(4096)]
    [InlineData(65536)]
    public void The_shares_together_are_less_than_the_limit(long mebibytes)
    {
        var limits = new MemoryLimits(mebibytes << 20, (long)(0.35 * mebibytes) << 20);
        Assert.True(limits.RowBytes + limits.InputBytes + limits.DecodeBytes + 3 * limits.KeptBytes <= limits.ManagedBytes);
        Assert.True(limits.ManagedBytes + limits.NativeBytes + (128L << 20) < limits.ProcessBytes);
        Assert.True(limits.CallBytes < limits.NativeBytes && limits.WeightBytes < limits.NativeBytes);
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    private void Write(string name, string text)
    {
        string path = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
