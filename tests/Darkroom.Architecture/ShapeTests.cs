using System.Reflection;
using Darkroom.Diffusion.Samplers;
using Darkroom.TestKit;

namespace Darkroom.Architecture;

/// <summary>Rules of form that a reader would otherwise have to watch over.</summary>
public sealed class ShapeTests
{
    private static readonly (string Path, int Lines)[] Sources =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Select(path => (Path.GetRelativePath(Repository.Root, path), File.ReadAllLines(path).Length)),
    ];

    [Fact]
    public void Files_are_small()
    {
        Assert.All(Sources, source => Assert.True(source.Lines <= 400, $"{source.Path} has {source.Lines} lines."));
        int[] lines = [.. Sources.Select(source => source.Lines).Order()];
        Assert.True(lines[lines.Length / 2] <= 60, $"The median file has {lines[lines.Length / 2]} lines.");
        Assert.True(lines.Count(count => count <= 200) >= 0.9 * lines.Length, "More than a tenth of the files are longer than 200 lines.");
    }

    [Fact]
    public void No_file_is_a_place_for_whatever_is_left_over()
    {
        string[] names = ["Utils", "Util", "Helper", "Helpers", "Manager", "Common", "Misc"];
        Assert.DoesNotContain(Sources, source => names.Any(name => Path.GetFileNameWithoutExtension(source.Path).EndsWith(name, StringComparison.Ordinal)));
    }

    [Fact]
    public void Samplers_keep_nothing_between_calls()
    {
        var samplers = typeof(ISampler).Assembly.GetTypes().Where(type => type is { IsClass: true } && typeof(ISampler).IsAssignableFrom(type)).ToArray();
        Assert.True(samplers.Length > 30);
        var mutable = samplers.SelectMany(type => type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            // The compiler's fields for primary-constructor parameters are never marked, though nothing assigns them.
            .Where(field => !field.IsInitOnly && !field.Name.StartsWith('<'))
            .Select(field => $"{field.DeclaringType!.Name}.{field.Name}");
        Assert.Empty(mutable);
    }
}
