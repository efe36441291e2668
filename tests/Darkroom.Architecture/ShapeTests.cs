using System.Reflection;
using Darkroom.Architecture.Sources;
using Darkroom.Diffusion.Samplers;
using Mono.Cecil;

namespace Darkroom.Architecture;

/// <summary>Rules of form that a reader would otherwise have to watch over.</summary>
public sealed class ShapeTests
{
    [Fact]
    public void Files_are_small()
    {
        Assert.All(SourceTree.Rooms, file => Assert.True(file.Length <= 400, $"{file.Path} has {file.Length} lines."));
        int[] lines = [.. SourceTree.Rooms.Select(file => file.Length).Order()];
        Assert.True(lines[lines.Length / 2] <= 60, $"The median file has {lines[lines.Length / 2]} lines.");
        Assert.True(lines.Count(count => count <= 200) >= 0.9 * lines.Length, "More than a tenth of the files are longer than 200 lines.");
    }

    [Fact]
    public void Lines_are_short() => Rule.Holds(
        "These lines have more than 160 characters.",
        from file in SourceTree.Rooms.Concat(SourceTree.Tests)
        from line in file.Lines.Index()
        where line.Item.TrimEnd('\r').Length > 160
        select $"{file.Path}:{line.Index + 1}: {line.Item.Length} characters");

    [Fact]
    public void Constructors_take_at_most_eight_parameters() => Rule.Holds(
        "These constructors take more than eight parameters.",
        from type in BuiltAssembly.Types
        where type.FullName.StartsWith(type.Module.Assembly.Name.Name, StringComparison.Ordinal)
        from method in type.Methods
        where method is { IsConstructor: true, IsStatic: false } && method.Parameters.Count > 8
        select $"{type.FullName} takes {method.Parameters.Count}");

    // A record writes all its properties when it is shown, and would go on with that one for ever.
    [Fact]
    public void Records_compute_no_property_of_their_own_type() => Rule.Holds(
        "These should be methods.",
        from type in BuiltAssembly.Types
        where type.Methods.Any(method => method.Name == "PrintMembers")
        from property in type.Properties
        where property.GetMethod is { IsStatic: false, IsPublic: true } && property.PropertyType.FullName == type.FullName
            && type.Fields.All(field => field.Name != $"<{property.Name}>k__BackingField")
        select $"{type.FullName}.{property.Name}");

    [Fact]
    public void Namespaces_follow_folders() => Rule.Holds(
        "These files lie in a folder that is not their namespace's.",
        from file in SourceTree.Rooms
        where file.Namespace.Length > 0 || file.Types.Count > 0
        let expected = file.Folder.Length == 0 ? file.Project : $"{file.Project}.{file.Folder.Replace('/', '.')}"
        where file.Namespace != expected
        select $"{file.Path}: {file.Namespace}, not {expected}");

    [Fact]
    public void No_file_is_a_place_for_whatever_is_left_over()
    {
        string[] names = ["Utils", "Util", "Helper", "Helpers", "Manager", "Common", "Misc"];
        Assert.DoesNotContain(
            SourceTree.Rooms.Select(file => Path.GetFileNameWithoutExtension(file.Path)),
            file => names.Any(name => file.EndsWith(name, StringComparison.Ordinal)));
    }

    [Fact]
    public void Samplers_keep_nothing_between_calls()
    {
        var samplers = typeof(ISampler).Assembly.GetTypes().Where(type => type is { IsClass: true } && typeof(ISampler).IsAssignableFrom(type)).ToArray();
        Assert.True(samplers.Length > 30);
        var mutable = samplers
            .SelectMany(type => type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            // The compiler's fields for primary-constructor parameters are never marked, though nothing assigns them.
            .Where(field => !field.IsInitOnly && !field.Name.StartsWith('<'))
            .Select(field => $"{field.DeclaringType!.Name}.{field.Name}");
        Assert.Empty(mutable);
    }
}
