// Renders the chart where Helm itself is not installed: by the engine that Helm has (Go's text/template and sprig), with the few functions that Helm
// adds. Charts in charts, hooks, lookups in a cluster and .Files are not there; the chart uses none of them.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run render.go CHART RELEASE NAMESPACE [VALUES.yaml]
//
// It prints a JSON object: a text for each template. A template that fails ends it with code 1 and the reason.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"github.com/ghodss/yaml"
)

type object = map[string]interface{}

func read(path string) (object, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	values := object{}
	return values, yaml.Unmarshal(text, &values)
}

// Values given over the chart's: maps are joined, null removes, anything else replaces.
func merge(chart, given object) object {
	for key, value := range given {
		inner, isMap := value.(object)
		outer, wasMap := chart[key].(object)
		switch {
		case value == nil:
			delete(chart, key)
		case isMap && wasMap:
			chart[key] = merge(outer, inner)
		default:
			chart[key] = value
		}
	}
	return chart
}

func toYaml(value interface{}) (string, error) {
	text, err := yaml.Marshal(value)
	return strings.TrimSuffix(string(text), "\n"), err
}

func run() error {
	if len(os.Args) < 4 {
		return errors.New("usage: render CHART RELEASE NAMESPACE [VALUES.yaml]")
	}
	folder := os.Args[1]
	about, err := read(filepath.Join(folder, "Chart.yaml"))
	if err != nil {
		return err
	}
	values, err := read(filepath.Join(folder, "values.yaml"))
	if err != nil {
		return err
	}
	if len(os.Args) > 4 {
		given, err := read(os.Args[4])
		if err != nil {
			return err
		}
		values = merge(values, given)
	}
	chart := object{}
	for key, value := range about {
		chart[strings.ToUpper(key[:1])+key[1:]] = value
	}

	root := template.New("chart").Option("missingkey=zero")
	functions := sprig.TxtFuncMap()
	delete(functions, "env") // Helm takes these two away
	delete(functions, "expandenv")
	functions["toYaml"] = toYaml
	functions["include"] = func(name string, data interface{}) (string, error) {
		var text strings.Builder
		err := root.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}
	functions["required"] = func(message string, value interface{}) (interface{}, error) {
		if value == nil || value == "" {
			return nil, errors.New(message)
		}
		return value, nil
	}
	root.Funcs(functions)

	paths, err := filepath.Glob(filepath.Join(folder, "templates", "*"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if _, err := root.New(filepath.Base(path)).Parse(string(text)); err != nil {
			return err
		}
	}
	rendered := map[string]string{}
	for _, path := range paths {
		name := filepath.Base(path)
		if strings.HasPrefix(name, "_") {
			continue
		}
		var text strings.Builder
		err := root.ExecuteTemplate(&text, name, object{
			"Values": values, "Chart": chart,
			"Release": object{"Name": os.Args[2], "Namespace": os.Args[3], "Service": "Helm", "IsInstall": true, "Revision": 1},
		})
		if err != nil {
			return err
		}
		// What Helm does with a field that is not there, see its engine.
		rendered[name] = strings.ReplaceAll(text.String(), "<no value>", "")
	}
	return json.NewEncoder(os.Stdout).Encode(rendered)
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
