// usage: listen URL [TEXT]: prints a stream's lines as they come, or posts TEXT.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
)

func main() {
	var response *http.Response
	var err error

	if len(os.Args) > 2 {
		body, _ := json.Marshal(map[string]string{"text": os.Args[2]})
		response, err = http.Post(os.Args[1], "application/json",
			bytes.NewReader(body))
	} else {
		response, err = http.Get(os.Args[1])
	}
	if err != nil {
		log.Fatal(err)
	}
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		fmt.Println(lines.Text())
	}
	if lines.Err() != nil {
		log.Fatal(lines.Err())
	}
}
