using System.Text.Json;
using System.Xml.Linq;
using Darkroom.Architecture.Packages;
using Darkroom.TestKit;

namespace Darkroom.Architecture;

/// <summary>The notices of others' works are those of the packages in force, with the licences that they declare.</summary>
public sealed class NoticeTests
{
    private static readonly Notices Notices = new(File.ReadAllText(Path.Combine(Repository.Root, "THIRD_PARTY_NOTICES.md")));

    [Fact]
    public void Every_package_of_the_server_has_a_notice() =>
        Rule.Holds("These packages are not in THIRD_PARTY_NOTICES.md.",
            Shipped().Select(package => package.Name).Distinct().Where(name => !Notices.Of(name).Any()).Order());

    [Fact]
    public void Every_notice_is_of_a_package_that_something_restores()
    {
        string[] restored = [.. Packages(Directory.EnumerateFiles(Repository.Root, "packages*.lock.json", SearchOption.AllDirectories))
            .Select(package => package.Name).Distinct()];
        Assert.True(restored.Length > 30, "The lock files were not found.");
        Rule.Holds("THIRD_PARTY_NOTICES.md names these packages, and nothing restores them.",
            Notices.Rows.SelectMany(row => row.Names).Where(name => !restored.Any(package => Notices.Covers(name, package))));
    }

    [Fact]
    public void A_notice_says_the_licence_that_the_package_declares()
    {
        var folder = PackageFolder();
        var declared = from package in Shipped()
                       let manifest = Path.Combine(folder, package.Name.ToLowerInvariant(), package.Version, $"{package.Name.ToLowerInvariant()}.nuspec")
                       where File.Exists(manifest)
                       let licence = XDocument.Load(manifest).Descendants().FirstOrDefault(element => element.Name.LocalName == "license")
                       where licence?.Attribute("type")?.Value == "expression"
                       select (package.Name, Licence: licence.Value);
        var found = declared.Distinct().ToList();
        Assert.True(found.Count > 20, "The packages were not found.");
        Rule.Holds("THIRD_PARTY_NOTICES.md says another licence of these packages.",
            found.Where(one => !Notices.Of(one.Name).All(row => row.Licence.Contains(one.Licence, StringComparison.Ordinal)))
                .Select(one => $"{one.Name} declares {one.Licence}"));
    }

    // What deploy/release/sbom fails at, found without a network: a package that only a project below the server restores is the runtime's or not shipped.
    [Fact]
    public void A_package_that_is_restored_below_the_server_alone_is_not_shipped()
    {
        string script = File.ReadAllText(Path.Combine(Repository.Root, "deploy", "release", "sbom"));
        HashSet<string> known = new(StringComparer.OrdinalIgnoreCase);
        known.UnionWith(Shipped().Select(package => package.Name));
        known.UnionWith(script.Split('\n').First(line => line.StartsWith("not_shipped=", StringComparison.Ordinal))["not_shipped=".Length..].Split(','));
        using var locked = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "src", "Darkroom.Server", "packages.lock.json")));
        var projects = locked.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(target => target.Value.EnumerateObject())
            .Where(entry => entry.Value.GetProperty("type").GetString() == "Project").Select(entry => entry.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var below = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Where(folder => projects.Contains(Path.GetFileName(folder)))
            .Select(folder => Path.Combine(folder, "packages.lock.json")).ToList();
        Assert.Equal(projects.Count, below.Count);
        Rule.Holds("deploy/release/sbom does not know what these packages are.", Packages(below).Select(package => package.Name).Distinct()
            .Where(name => !known.Contains(name) && !name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)).Order());
    }

    private static IEnumerable<(string Name, string Version)> Shipped() =>
        Packages(Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Darkroom.Server"), "packages*.lock.json"));

    private static IEnumerable<(string Name, string Version)> Packages(IEnumerable<string> locks)
    {
        foreach (var path in locks)
        {
            using var file = JsonDocument.Parse(File.ReadAllText(path));
            foreach (var target in file.RootElement.GetProperty("dependencies").EnumerateObject())
                foreach (var package in target.Value.EnumerateObject())
                    if (package.Value.TryGetProperty("resolved", out var version))
                        yield return (package.Name, version.GetString()!);
        }
    }

    private static string PackageFolder()
    {
        using var assets = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "src", "Darkroom.Server", "obj", "project.assets.json")));
        return assets.RootElement.GetProperty("packageFolders").EnumerateObject().First().Name;
    }
}
