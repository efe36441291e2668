using Darkroom.TestKit.Docker;

namespace Darkroom.EndToEnd.Deployment;

/// <summary>The reader that the other tests here rest on.</summary>
public sealed class DockerfileReadingTests
{
    [Fact]
    public void Stages_instructions_flags_and_forms_are_read()
    {
        var file = Dockerfile.Parse("""
            ARG V=1
            FROM --platform=$BUILDPLATFORM sdk:${V} AS base
            # a comment
            ENV A=1 \
                B="two words"

            FROM base AS build
            RUN one && \
                two
            FROM scratch AS last
            COPY --from=build --chown=1:1 /a /b/ /to/
            HEALTHCHECK --interval=30s CMD ["/x", "health"]
            ENTRYPOINT ["/x"]
            CMD sleep 1
            """);
        Assert.Equal([("V", "1")], file.Globals.Single().Pairs);
        Assert.Equal(["base", "build", "last"], file.Stages.Select(stage => stage.Name));
        Assert.Equal("sdk:${V}", file["base"].Base);
        Assert.Equal(("1", "two words"), (file["base"].Environment["A"], file["base"].Environment["B"]));
        Assert.Equal(["base", "build"], file.ChainOf("build").Select(stage => stage.Name));
        Assert.Equal("one &&  two", file["build"].The("RUN").Text);
        var copy = file["last"].The("COPY");
        Assert.Equal(("build", "1:1", "/to/"), (copy.Flags["from"], copy.Flags["chown"], copy.Target));
        Assert.Equal(["/a", "/b/"], copy.Sources);
        Assert.Equal(["/x", "health"], file["last"].The("HEALTHCHECK").Check);
        Assert.Equal(["/x"], file["last"].The("ENTRYPOINT").Exec);
        Assert.Null(file["last"].The("CMD").Exec);
    }

    [Fact]
    public void A_context_holds_what_the_last_rule_that_fits_lets_through()
    {
        string root = Directory.CreateTempSubdirectory("darkroom-context-").FullName;
        foreach (string file in (string[])["a.txt", "b.txt", "src/x.cs", "src/p/q.cs", "src/p/obj/z.dll", "other/src/x.cs"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, file))!);
            File.WriteAllText(Path.Combine(root, file), "");
        }
        File.WriteAllLines(Path.Combine(root, ".dockerignore"), ["# no", "*", "!a.txt", "!src", "src/**/obj"]);
        var context = new BuildContext(root);
        Assert.Equal(["a.txt", "src/p/q.cs", "src/x.cs"], context.Files);
        Assert.Equal([("src/p/q.cs", "p/q.cs"), ("src/x.cs", "x.cs")], context.Find("src/"));
        Assert.Equal([("src/x.cs", "x.cs")], context.Find("src/*.cs"));
        Assert.Empty(context.Find("b.txt"));
        Directory.Delete(root, recursive: true);
    }
}
