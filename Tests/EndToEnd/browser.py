"""Headless Chromium that trusts the trial's authority through an NSS store of its own, and finds buttons by text."""

import os
import re
import subprocess
from contextlib import contextmanager

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--no-proxy-server", "--window-size=1100,900",
)
FIND = """const wanted = new RegExp(arguments[0], "i");
return [...document.querySelectorAll("button, input[type=submit], a[href], [role=button]")]
    .find(each => wanted.test((each.innerText || each.value || "").trim())) || null"""


def make_home(folder, authority):
    """A home directory whose NSS store trusts `authority`: full certificate checks, no exceptions."""
    store = folder / ".pki" / "nssdb"
    store.mkdir(parents=True)
    for words in (["-N", "--empty-password"], ["-A", "-t", "C,,", "-n", "trial", "-i", str(authority)]):
        subprocess.run(["certutil", "-d", f"sql:{store}", *words], check=True, capture_output=True)
    return folder


@contextmanager
def chromium(home):
    """A browser with an empty profile."""
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in FLAGS:
        options.add_argument(flag)
    service = Service("/usr/bin/chromedriver", env={**os.environ, "HOME": str(home)})
    driver = webdriver.Chrome(options=options, service=service)
    driver.set_page_load_timeout(30)
    try:
        yield Browser(driver)
    finally:
        driver.quit()


class Browser:
    def __init__(self, driver):
        self.driver = driver

    @property
    def url(self):
        return self.driver.current_url

    @property
    def text(self):
        return self.driver.find_element(By.TAG_NAME, "body").text

    def open(self, url):
        self.driver.get(url)

    def wait(self, what, condition, seconds=15):
        """Waits for a condition on this browser; tells where it was stuck."""
        try:
            WebDriverWait(self.driver, seconds).until(lambda _: condition(self))
        except Exception as stuck:
            raise AssertionError(f"waited for {what}, but at {self.url}:\n{self.text[:2000]}") from stuck

    def wait_for(self, part):
        """Waits until the address contains `part`."""
        self.wait(part, lambda browser: part in browser.url and browser.driver.find_elements(By.TAG_NAME, "body"))

    def press(self, pattern):
        found = []
        self.wait(f"a button that says /{pattern}/", lambda _: found.append(self.find(pattern)) or found[-1])
        page = self.driver.find_element(By.TAG_NAME, "html")
        found[-1].click()
        self.wait(f"the page after /{pattern}/", lambda _: self.gone(page))

    def find(self, pattern):
        return self.driver.execute_script(FIND, pattern)

    def gone(self, page):
        return page.id != self.driver.find_element(By.TAG_NAME, "html").id

    def fill(self, name_pattern, value):
        """Types into the first visible field whose name, id or label matches."""
        for each in self.driver.find_elements(By.CSS_SELECTOR, "input, textarea"):
            names = " ".join(filter(None, (each.get_attribute("name"), each.get_attribute("id"), each.accessible_name)))
            if each.is_displayed() and re.search(name_pattern, names, re.IGNORECASE):
                each.clear()
                each.send_keys(value)
                return
        raise AssertionError(f"no field named /{name_pattern}/ at {self.url}")

    def cookie(self, name):
        found = self.driver.get_cookie(name)
        return found and found["value"]

    def keys(self, *keys):
        """Types to whatever has the focus."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def focus_outline(self):
        """Text, outline style and width of what has the focus."""
        return tuple(self.driver.execute_script(
            """const now = document.activeElement, style = getComputedStyle(now);
            return [now.innerText, style.outlineStyle, style.outlineWidth]"""))

    def picture(self, path):
        self.driver.save_screenshot(str(path))

    def narrow(self, width=360, height=740):
        metrics = {"width": width, "height": height, "deviceScaleFactor": 2, "mobile": True}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def content_width(self):
        return self.driver.execute_script("return document.documentElement.scrollWidth")
